#!/usr/bin/env bash
# One service order from the customer's call to the engineer's commission, over REST only.
#
#   examples/lifecycle.sh http://127.0.0.1:8080 TOKEN
#
# TOKEN is printed by `aftercare user token admin`. Needs curl and jq. Works on an empty database: what it needs
# (an engineer, a depot, a part, stock) it makes first. Prints the state after every call; stops at the first refusal.
set -euo pipefail

base=${1:?usage: lifecycle.sh ADDRESS TOKEN}
token=${2:?usage: lifecycle.sh ADDRESS TOKEN}
run=$(date +%s)-$$
step=0

# call NAME METHOD PATH [JSON]: the answer goes to $answer; every write carries an idempotency key of its own.
call() {
  local name=$1 method=$2 path=$3 body=${4:-}
  step=$((step + 1))
  local args=(-sS -X "$method" -H "Authorization: Bearer $token" -H 'Accept-Language: en' -w '\n%{http_code}')
  if [ "$method" != GET ]; then
    args+=(-H "Idempotency-Key: lifecycle-$run-$step" -H 'Content-Type: application/json' -d "${body:-{\}}")
  fi
  local out code
  out=$(curl "${args[@]}" "$base/api/v1$path")
  code=${out##*$'\n'}
  answer=${out%$'\n'*}
  if [ "$code" -ge 400 ]; then
    printf '%2d  %-34s %s\n%s\n' "$step" "$name" "$code" "$answer" >&2
    exit 1
  fi
  printf '%2d  %-34s %s  %s\n' "$step" "$name" "$code" "$(jq -r "${show:-.state // .no // .id // \"\"}" <<<"$answer")"
}
get() { jq -r "$1" <<<"$answer"; }

echo "-- what the order needs"
call 'who am I' GET /me
org=$(get .org_id)
call 'engineer' POST /staff "$(jq -n --arg org "$org" --arg no "E$run" \
  '{no: $no, name: "周启航", org_id: $org, grade: 3, engineer: true, skills: ["冷机"], phone: "13700001111"}')"
engineer=$(get .id)
call 'depot' POST /depots "$(jq -n --arg org "$org" --arg code "D$run" '{code: $code, name: "中心备件库", kind: "parts", org_id: $org}')"
depot=$(get .id)
call 'part' POST /parts "$(jq -n --arg code "P$run" '{code: $code, name: "冷凝压力传感器", unit: "只", price: 38000, cost: 21000}')"
part=$(get .id)
call 'receipt of 10 pieces' POST /receipts "$(jq -n --arg depot "$depot" --arg part "$part" \
  '{kind: "ordered", depot_id: $depot, lines: [{part: $part, quantity: 10000, unit_cost: 21000}]}')"

call 'price list' POST /prices "$(jq -n --arg code "L$run" '{code: $code, name: "标准价目"}')"
call 'labour at 120.00' POST "/prices/$(get '.list.id // .id')/rules" '{"code": "labour", "amount": 12000, "valid_from": "2020-01-01"}'

echo "-- the call"
call 'customer' POST /customers '{"name": "湖滨万象城", "phone": "13800136027", "region": "苏州市", "district": "吴中区", "address": "太湖东路 9 号"}'
customer=$(get .id)
show='.model.code // .code' call 'model' POST /models "$(jq -n --arg code "YK-$run" '{code: $code, name: ("离心式冷水机组 " + $code)}')"
call 'unit' POST /units "$(jq -n --arg customer "$customer" --arg serial "SN-$run" --arg model "$(get '.model.id // .id')" \
  '{customer_id: $customer, model_id: $model, serial: $serial, purchase_date: "2024-04-18", install_date: "2024-05-06"}')"
unit=$(get .id)
call 'request by phone' POST /requests "$(jq -n --arg customer "$customer" --arg unit "$unit" \
  '{channel: "phone", topic: "repair", caller_name: "李建平", caller_phone: "13800136027", customer_id: $customer, unit_id: $unit,
    text: "高压报警，停机无法复位", demand: "今天恢复制冷"}')"
request=$(get .id)
call 'becomes a service order' POST "/requests/$request/order" '{"kind": "repair_minor", "mode": "on_site", "symptom": "高压报警，停机无法复位"}'
order=$(get '.order.id // .order_id // .id')

echo "-- the work"
call 'accepted' POST "/orders/$order/accept"
call 'assigned' POST "/orders/$order/assign" "$(jq -n --arg engineer "$engineer" '{engineer_id: $engineer}')"
call 'part reserved' POST "/orders/$order/lines" "$(jq -n --arg part "$part" --arg depot "$depot" \
  '{part_id: $part, depot_id: $depot, quantity: 2000, stock: "reserve"}')"
show='"\(.items | length) lines"' call 'lines of the order' GET "/orders/$order/lines"
line=$(get '[.items[] | select(.kind == "part")][0].id')
call 'arrived' POST "/orders/$order/arrive" '{"lat": 31.23, "lng": 120.63, "note": "已到机房"}'
call 'part issued' PUT "/orders/$order/lines/$line" '{"stock": "issue"}'
signature='data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=='
complete() {
  jq -n --arg line "$line" --arg signature "$signature" --arg result "$1" --argjson used "$2" \
    '{cause: "product", root_cause: "传感器漂移", result: $result, used: [{id: $line, quantity: $used, old_part_taken: true}], signature: $signature}'
}
call 'completed with signature' POST "/orders/$order/complete" "$(complete '更换传感器，试机正常' 1000)"
call 'confirmed by the customer' POST "/orders/$order/confirm" '{"by": "李建平", "score": 90}'
show='[.items[] | "\(.name) × \((.quantity // 1000) / 1000) = \((.amount // 0) / 100)"] | join("; ")' \
  call 'bill lines' GET "/orders/$order/lines"

echo "-- the callback, and the rework it causes"
call 'callback' POST "/orders/$order/callbacks"
callback=$(get .id)
show='"\(.class), order \(.order_state)"' call 'not satisfied' POST "/callbacks/$callback/result" \
  '{"class": "unsatisfied", "quality": 2, "attitude": 5, "demand": "第二天又报警"}'
call 'accepted again' POST "/orders/$order/accept"
call 'assigned again' POST "/orders/$order/assign" "$(jq -n --arg engineer "$engineer" '{engineer_id: $engineer, reason: "返工"}')"
call 'work started' POST "/orders/$order/start"
call 'completed again' POST "/orders/$order/complete" "$(complete '清洗冷凝器，复测正常' 1000)"
call 'confirmed again' POST "/orders/$order/confirm" '{"by": "李建平", "score": 95}'
call 'second callback' POST "/orders/$order/callbacks"
callback=$(get .id)
show='"\(.class), order \(.order_state)"' call 'satisfied' POST "/callbacks/$callback/result" '{"class": "satisfied", "quality": 5, "attitude": 5}'

echo "-- the audit, and what the engineer earns"
call 'audited' POST "/orders/$order/audit" '{"note": "单据齐全"}'
show='"\((.lines // .)[0] | "\(.name // .kind // .rule): \((.amount // 0) / 100)")"' call 'commission' POST "/orders/$order/pay/compute"
call 'closed' POST "/orders/$order/close"
show='.no + "  " + .state' call 'the order at the end' GET "/orders/$order"
echo "done"
