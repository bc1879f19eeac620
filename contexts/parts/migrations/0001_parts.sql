-- Catalogue: one for the whole company (PARTS-01, 02, 03).
create table part (
    id uuid primary key,
    code text not null unique,
    name text not null,
    spec text not null default '',
    category text not null default '',
    category_id uuid,
    class text not null,
    form text not null,
    criticality text not null,
    unit text not null,
    price bigint not null check (price >= 0),
    cost bigint not null check (cost >= 0),
    lead_days bigint not null default 0,
    replace_days bigint not null default 0,
    fits text not null default '',
    source text not null default '',
    serialised boolean not null default false,
    old_part_due boolean not null default false,
    active boolean not null default true,
    note text not null default '',
    version bigint not null,
    created_at bigint not null,
    updated_at bigint not null
);
create index part_name on part (name, id);
create index part_category on part (category_id, code);

-- Parts that may stand in for another (代用件).
create table part_substitute (
    id uuid primary key,
    part_id uuid not null references part (id),
    other_id uuid not null references part (id),
    both_ways boolean not null,
    note text not null default '',
    created_at bigint not null,
    unique (part_id, other_id)
);
create index part_substitute_other on part_substitute (other_id);

create table depot (
    id uuid primary key,
    code text not null unique,
    name text not null,
    kind text not null,
    org_id uuid not null,
    holder_id uuid,
    address text not null default '',
    active boolean not null default true,
    note text not null default '',
    version bigint not null,
    created_at bigint not null,
    updated_at bigint not null
);
create index depot_org on depot (org_id, code);
create unique index depot_van on depot (holder_id) where kind = 'van' and active;

-- What lies where. The ledger below is the truth; these rows are kept in the same transaction by conditional
-- update, and the constraints stand even if a program were wrong.
create table stock_balance (
    id uuid primary key,
    part_id uuid not null references part (id),
    depot_id uuid not null references depot (id),
    org_id uuid not null,
    holder_id uuid,
    stock_state text not null check (stock_state in ('new', 'repaired', 'repairable', 'under_repair', 'scrap', 'quarantine', 'in_transit')),
    on_hand bigint not null check (on_hand >= 0),
    reserved bigint not null,
    value bigint not null check (value >= 0),
    version bigint not null,
    updated_at bigint not null,
    unique (part_id, depot_id, stock_state),
    check (reserved >= 0 and reserved <= on_hand),
    check (on_hand > 0 or value = 0)
);
create index stock_balance_depot on stock_balance (depot_id, part_id);
create index stock_balance_org on stock_balance (org_id, id);

-- Three-point levels and the place on the shelf, per part and depot (PARTS-01, 11, 62).
create table stock_level (
    id uuid primary key,
    part_id uuid not null references part (id),
    depot_id uuid not null references depot (id),
    org_id uuid not null,
    minimum bigint not null default 0 check (minimum >= 0),
    order_point bigint not null default 0 check (order_point >= 0),
    maximum bigint not null default 0 check (maximum >= 0),
    bin text not null default '',
    low boolean not null default false,
    low_since bigint,
    version bigint not null,
    created_at bigint not null,
    updated_at bigint not null,
    unique (part_id, depot_id)
);
create index stock_level_low on stock_level (org_id, low, id);

-- The ledger: every movement takes from one place and puts into another. Append-only.
create table stock_move (
    id uuid primary key,
    at bigint not null,
    kind text not null,
    issue_kind text not null default '',
    part_id uuid not null references part (id),
    quantity bigint not null check (quantity > 0),
    cost bigint not null check (cost >= 0),
    from_place text not null,
    from_balance_id uuid references stock_balance (id),
    from_depot_id uuid,
    from_state text not null default '',
    to_place text not null,
    to_balance_id uuid references stock_balance (id),
    to_depot_id uuid,
    to_state text not null default '',
    doc_kind text not null,
    doc_id uuid not null,
    doc_no text not null,
    line_id uuid,
    reason text not null default '',
    reversal_of uuid,
    user_id uuid not null,
    staff_id uuid not null,
    org_id uuid not null,
    check ((from_place = 'depot') = (from_balance_id is not null)),
    check ((to_place = 'depot') = (to_balance_id is not null)),
    check (from_balance_id is not null or to_balance_id is not null)
);
create index stock_move_org on stock_move (org_id, id);
create index stock_move_part on stock_move (part_id, id);
create index stock_move_line on stock_move (line_id) where line_id is not null;
create index stock_move_in on stock_move (to_balance_id, id) where to_balance_id is not null;
create index stock_move_out on stock_move (from_balance_id, id) where from_balance_id is not null;
create index stock_move_doc on stock_move (doc_id);

-- What a document line holds for itself (PARTS-35).
create table reservation (
    id uuid primary key,
    line_id uuid not null,
    balance_id uuid not null references stock_balance (id),
    part_id uuid not null,
    depot_id uuid not null,
    org_id uuid not null,
    stock_state text not null,
    doc_kind text not null,
    doc_id uuid not null,
    doc_no text not null,
    quantity bigint not null check (quantity >= 0),
    asked bigint not null,
    state text not null,
    user_id uuid not null,
    version bigint not null,
    created_at bigint not null,
    updated_at bigint not null,
    unique (line_id, balance_id),
    check ((state = 'open') = (quantity > 0))
);
create index reservation_list on reservation (org_id, state, id);
create index reservation_balance on reservation (balance_id) where state = 'open';

-- What a document line has taken, and from where, so that it can be given back exactly (PARTS-33).
create table line_issue (
    line_id uuid not null,
    balance_id uuid not null references stock_balance (id),
    quantity bigint not null check (quantity >= 0),
    cost bigint not null check (cost >= 0),
    version bigint not null,
    updated_at bigint not null,
    primary key (line_id, balance_id),
    check (quantity > 0 or cost = 0)
);

-- Purchase requisitions: one part for one depot (PARTS-34).
create table purchase (
    id uuid primary key,
    no text not null unique,
    part_id uuid not null references part (id),
    depot_id uuid not null references depot (id),
    org_id uuid not null,
    quantity bigint not null check (quantity > 0),
    received bigint not null check (received >= 0),
    source_no text not null default '',
    wanted_on text,
    supplier text not null default '',
    expected_on text,
    note text not null default '',
    state text not null check (state in ('draft', 'ordered', 'received', 'cancelled')),
    reason text not null default '',
    staff_id uuid not null,
    version bigint not null,
    created_at bigint not null,
    updated_at bigint not null
);
create index purchase_org on purchase (org_id, id);
create index purchase_part on purchase (part_id, state);
create index purchase_source on purchase (source_no);

-- Receipts (PARTS-16, 19, 20, 21).
create table receipt (
    id uuid primary key,
    no text not null unique,
    kind text not null,
    depot_id uuid not null references depot (id),
    org_id uuid not null,
    supplier text not null default '',
    source_no text not null default '',
    deliverer text not null default '',
    note text not null default '',
    purchase_id uuid references purchase (id),
    state text not null check (state in ('posted', 'reversed')),
    reversed_reason text not null default '',
    staff_id uuid not null,
    version bigint not null,
    created_at bigint not null,
    updated_at bigint not null
);
create index receipt_org on receipt (org_id, id);
create index receipt_purchase on receipt (purchase_id);
create index receipt_staff on receipt (staff_id, id);

create table receipt_line (
    id uuid primary key,
    receipt_id uuid not null references receipt (id),
    n bigint not null,
    part_id uuid not null references part (id),
    stock_state text not null,
    quantity bigint not null check (quantity >= 0),
    unit_cost bigint not null check (unit_cost >= 0),
    cost bigint not null check (cost >= 0),
    rejected bigint not null default 0 check (rejected >= 0),
    reject_reason text not null default '',
    certificate text not null default '',
    old_part_due boolean not null default false,
    unique (receipt_id, n)
);

-- Movements between depots: sent, on the way, received (PARTS-47, 63, 64).
create table transfer (
    id uuid primary key,
    no text not null unique,
    kind text not null,
    from_id uuid not null references depot (id),
    to_id uuid not null references depot (id),
    org_id uuid not null,
    holder_id uuid,
    to_org_id uuid not null,
    state text not null check (state in ('sent', 'partly', 'received', 'returned')),
    carrier text not null default '',
    waybill text not null default '',
    place text not null default '',
    due text,
    reason text not null default '',
    note text not null default '',
    staff_id uuid not null,
    sent_at bigint not null,
    received_at bigint,
    version bigint not null,
    created_at bigint not null,
    updated_at bigint not null,
    check (from_id <> to_id)
);
create index transfer_org on transfer (org_id, state, id);
create index transfer_to on transfer (to_id, state, id);

create table transfer_line (
    id uuid primary key,
    transfer_id uuid not null references transfer (id),
    n bigint not null,
    part_id uuid not null references part (id),
    stock_state text not null,
    quantity bigint not null check (quantity > 0),
    cost bigint not null check (cost >= 0),
    received bigint not null default 0,
    received_cost bigint not null default 0,
    returned bigint not null default 0,
    returned_cost bigint not null default 0,
    unique (transfer_id, n),
    check (received >= 0 and returned >= 0 and received + returned <= quantity)
);

-- Old parts owed for new ones given (PARTS-30, 51, 52).
create table old_part_debt (
    id uuid primary key,
    no text not null unique,
    part_id uuid not null references part (id),
    org_id uuid not null,
    debtor_kind text not null,
    debtor_id uuid not null,
    debtor_name text not null,
    owner_id uuid,
    doc_kind text not null,
    doc_id uuid not null,
    doc_no text not null,
    line_id uuid not null unique,
    quantity bigint not null check (quantity >= 0),
    returned bigint not null default 0 check (returned >= 0),
    rejected bigint not null default 0 check (rejected >= 0),
    charged bigint not null default 0 check (charged >= 0),
    charge bigint not null default 0,
    waived bigint not null default 0 check (waived >= 0),
    state text not null check (state in ('owed', 'settled', 'charged', 'waived', 'cancelled')),
    due text not null,
    note text not null default '',
    version bigint not null,
    created_at bigint not null,
    updated_at bigint not null
);
create index old_part_debt_org on old_part_debt (org_id, state, due);

-- Issue slips: stock for a customer, outlet or engineer outside a service order (PARTS-26, 32, 35).
create table issue_slip (
    id uuid primary key,
    no text not null unique,
    kind text not null,
    depot_id uuid not null references depot (id),
    org_id uuid not null,
    holder_id uuid,
    recipient text not null default '',
    voucher text not null default '',
    pick text not null,
    reason text not null default '',
    note text not null default '',
    state text not null check (state in ('reserved', 'issued', 'cancelled')),
    staff_id uuid not null,
    version bigint not null,
    created_at bigint not null,
    updated_at bigint not null
);
create index issue_slip_org on issue_slip (org_id, state, id);
create index issue_slip_voucher on issue_slip (voucher);
create index issue_slip_staff on issue_slip (staff_id, id);

create table issue_slip_line (
    id uuid primary key,
    slip_id uuid not null references issue_slip (id),
    n bigint not null,
    part_id uuid not null references part (id),
    quantity bigint not null check (quantity >= 0),
    cost bigint not null default 0,
    unique (slip_id, n)
);

-- What contexts above may join: what a depot holds of a part, by state.
create view pub_stock as
select b.depot_id, b.part_id, p.code, p.name, p.spec, p.unit, b.stock_state, b.on_hand, b.reserved
from stock_balance b join part p on p.id = b.part_id;
