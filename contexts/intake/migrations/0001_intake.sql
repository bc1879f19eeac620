-- Requests of customers and the telephone register (CALL-01…36).

-- What people ask about (CALL-03); companies add their own.
create table topic (
    code text primary key,
    name text not null,
    name_en text not null,
    place bigint not null,
    active boolean not null,
    updated_at bigint not null
);
insert into topic (code, name, name_en, place, active, updated_at) values
    ('repair', '报修', 'Repair', 10, true, 0),
    ('booking', '预约', 'Booking', 20, true, 0),
    ('consult', '咨询', 'Question', 30, true, 0),
    ('parts', '配件', 'Parts', 40, true, 0),
    ('complaint', '投诉', 'Complaint', 50, true, 0),
    ('praise', '赞誉', 'Praise', 60, true, 0),
    ('other', '其他', 'Other', 90, true, 0);

-- What exactly. `work_kind` is the kind of work an order about it usually needs; empty: usually none.
create table topic_content (
    code text primary key,
    topic text not null references topic (code),
    name text not null,
    name_en text not null,
    work_kind text not null,
    place bigint not null,
    active boolean not null,
    updated_at bigint not null
);
insert into topic_content (code, topic, name, name_en, work_kind, place, active, updated_at) values
    ('repair.dead', 'repair', '不工作', 'Does not work', 'repair_minor', 10, true, 0),
    ('repair.code', 'repair', '报警/故障代码', 'Alarm or error code', 'repair_minor', 20, true, 0),
    ('repair.weak', 'repair', '效果差', 'Works poorly', 'repair_minor', 30, true, 0),
    ('repair.noise', 'repair', '异响振动', 'Noise, vibration', 'repair_minor', 40, true, 0),
    ('repair.leak', 'repair', '漏水漏液', 'Leak', 'repair_minor', 50, true, 0),
    ('repair.broken', 'repair', '部件损坏', 'Broken part', 'repair_minor', 60, true, 0),
    ('repair.again', 'repair', '修后再发', 'Same fault again', 'repair_medium', 70, true, 0),
    ('repair.other', 'repair', '其他故障', 'Another fault', 'repair_minor', 90, true, 0),
    ('booking.install', 'booking', '安装调试', 'Installation', 'install', 10, true, 0),
    ('booking.maintain', 'booking', '保养', 'Maintenance', 'cleaning', 20, true, 0),
    ('booking.clean', 'booking', '清洁', 'Cleaning', 'cleaning', 30, true, 0),
    ('booking.move', 'booking', '移机', 'Relocation', 'install', 40, true, 0),
    ('booking.deliver', 'booking', '送货', 'Delivery', 'delivery', 50, true, 0),
    ('booking.exchange', 'booking', '调换货', 'Exchange', 'exchange', 60, true, 0),
    ('consult.use', 'consult', '使用操作', 'Operation', '', 10, true, 0),
    ('consult.progress', 'consult', '进度查询/催单', 'Progress, chasing', '', 20, true, 0),
    ('consult.warranty', 'consult', '保修政策', 'Warranty', '', 30, true, 0),
    ('consult.price', 'consult', '收费标准', 'Prices', '', 40, true, 0),
    ('consult.care', 'consult', '保养知识', 'Care', '', 50, true, 0),
    ('consult.product', 'consult', '产品资料', 'Product data', '', 60, true, 0),
    ('parts.price', 'parts', '配件询价', 'Price of a part', '', 10, true, 0),
    ('parts.buy', 'parts', '购买配件', 'Buy a part', '', 20, true, 0),
    ('parts.preorder', 'parts', '预订配件', 'Pre-order a part', '', 30, true, 0),
    ('parts.pickup', 'parts', '取件通知', 'Pick-up notice', '', 40, true, 0),
    ('complaint.attitude', 'complaint', '服务态度', 'Attitude', '', 10, true, 0),
    ('complaint.late', 'complaint', '上门不及时', 'Late visit', '', 20, true, 0),
    ('complaint.work', 'complaint', '维修质量', 'Quality of repair', '', 30, true, 0),
    ('complaint.price', 'complaint', '收费', 'Charges', '', 40, true, 0),
    ('complaint.product', 'complaint', '产品质量', 'Product quality', '', 50, true, 0),
    ('complaint.other', 'complaint', '其他投诉', 'Another complaint', '', 90, true, 0),
    ('praise.person', 'praise', '表扬人员', 'Praise of a person', '', 10, true, 0),
    ('praise.service', 'praise', '服务好', 'Good service', '', 20, true, 0),
    ('praise.product', 'praise', '产品好', 'Good product', '', 30, true, 0),
    ('other.data', 'other', '资料变更', 'Change of data', '', 10, true, 0),
    ('other.proposal', 'other', '建议', 'Proposal', '', 20, true, 0),
    ('other.return', 'other', '回复来电', 'Returns our call', '', 30, true, 0),
    ('other.other', 'other', '其他', 'Anything else', '', 90, true, 0);

create table service_request (
    id uuid primary key,
    version bigint not null,
    no text not null,
    org_id uuid not null,
    channel text not null,
    topic text not null,
    topic_name text not null,
    content text not null,
    content_name text not null,
    work_kind text not null,
    caller_name text not null,
    caller_phone text not null,
    phone_key text not null,
    customer_id uuid,
    customer_name text not null,
    unit_id uuid,
    model_name text not null,
    serial text not null,
    purchase_date text,
    proof text not null,
    address text not null,
    text text not null,
    demand text not null,
    part_id uuid,
    part_name text not null,
    part_quantity bigint not null,
    class text not null check (class in ('general', 'special')),
    class_reason text not null,
    cleared_at bigint,
    cleared_by uuid,
    clear_note text not null,
    urgent boolean not null,
    mode text not null,
    warranty_said text not null,
    quote_limit bigint check (quote_limit is null or quote_limit >= 0),
    estimate_low bigint check (estimate_low is null or estimate_low >= 0),
    estimate_high bigint check (estimate_high is null or estimate_high >= 0),
    diagnosis text not null,
    first_time boolean not null,
    missing text not null,
    state text not null check (state in ('draft', 'open', 'answered', 'ordered', 'solved_by_phone', 'closed', 'dropped')),
    confirmed_at bigint,
    genuine boolean,
    in_scope boolean,
    confirm_note text not null,
    confirm_due_at bigint,
    promised_at bigint,
    next_due_at bigint not null,
    waiting boolean not null,
    overdue boolean not null,
    answer text not null,
    answered_at bigint,
    -- What became of advice on the phone (CALL-09, CALL-11).
    advice text not null check (advice in ('none', 'accepted', 'refused', 'failed')),
    handler_id uuid,
    handler_name text not null,
    order_id uuid,
    order_no text not null,
    related_order_id uuid,
    related_order_no text not null,
    closed_at bigint,
    close_note text not null,
    token text not null,
    created_by uuid,
    created_at bigint not null,
    updated_at bigint not null,
    check (state <> 'closed' or answer <> '')
);
create unique index service_request_no on service_request (no);
create unique index service_request_token on service_request (token);
create index service_request_created on service_request (created_at, id);
create index service_request_org on service_request (org_id, created_at, id);
create index service_request_state on service_request (state, created_at, id);
create index service_request_waiting on service_request (waiting, next_due_at, id);
create index service_request_due on service_request (next_due_at, id);
create index service_request_handler on service_request (handler_id, state, updated_at);
create index service_request_customer on service_request (customer_id, created_at);
create index service_request_phone on service_request (phone_key, created_at);
create index service_request_unit on service_request (unit_id, created_at);

-- Orders that came out of a request, or that it was put to (CALL-19).
create table request_order (
    id uuid primary key,
    request_id uuid not null references service_request (id),
    order_id uuid not null,
    order_no text not null,
    org_id uuid not null,
    joined boolean not null,
    at bigint not null
);
create unique index request_order_once on request_order (request_id, order_id);
create index request_order_order on request_order (order_id);

-- Register of calls and letters (CALL-20).
create table call_log (
    id uuid primary key,
    org_id uuid not null,
    medium text not null,
    direction text not null check (direction in ('in', 'out')),
    outcome text not null,
    phone text not null,
    phone_key text not null,
    party text not null,
    customer_id uuid,
    request_id uuid,
    request_no text not null,
    order_id uuid,
    order_no text not null,
    staff_id uuid,
    staff_name text not null,
    seconds bigint not null check (seconds >= 0),
    note text not null,
    at bigint not null,
    created_at bigint not null,
    -- What the telephone system told (CALL-02, CALL-12): its account and its own name of the call, the number that was
    -- called, who was rung, and the stations of the call.
    source_user uuid,
    external_id text not null,
    line text not null,
    extension text not null,
    ring_at bigint,
    answered_at bigint,
    ended_at bigint,
    ring_seconds bigint check (ring_seconds >= 0),
    rings bigint check (rings >= 0),
    -- Nobody took it and nobody has called back yet.
    to_return boolean not null
);
create unique index call_log_external on call_log (source_user, external_id) where external_id <> '';
create index call_log_to_return on call_log (org_id, phone_key) where to_return;
create index call_log_at on call_log (at, id);
create index call_log_org on call_log (org_id, at, id);
create index call_log_customer on call_log (customer_id, at);
create index call_log_phone on call_log (phone_key, at);
create index call_log_staff on call_log (staff_id, at);

-- Whose telephone rings for a call (CALL-02).
create table call_ring (
    call_id uuid not null references call_log (id),
    user_id uuid not null,
    extension text not null,
    at bigint not null,
    primary key (call_id, user_id)
);

-- Who sits at which telephone.
create table call_extension (
    extension text primary key,
    user_id uuid not null,
    staff_id uuid not null,
    staff_name text not null,
    org_id uuid not null,
    updated_at bigint not null
);
create unique index call_extension_user on call_extension (user_id);

create view pub_request as
select id, no, org_id, channel, topic, topic_name, content, content_name, customer_id, customer_name, unit_id, class, urgent,
    state, first_time, overdue, answered_at, promised_at, closed_at, order_id, order_no, handler_id, handler_name, created_at,
    updated_at
from service_request where state not in ('draft', 'dropped');
create view pub_call as
select id, org_id, medium, direction, outcome, customer_id, request_id, order_id, staff_id, seconds, ring_seconds, rings, to_return, at
from call_log;

-- Forms of strangers by their key: one that is sent twice makes one request.
create table web_report (
    form_key text not null,
    unit_id uuid not null,
    request_id uuid not null,
    at bigint not null,
    primary key (form_key, unit_id)
);
create index web_report_unit on web_report (unit_id);
