-- Pay (PAY-01…09, 14, 15). Rules are never edited: a new one ends the row it replaces, so that every line can show
-- the row it was computed by.
create table commission_rule (
    id uuid primary key,
    name text not null,
    number bigint not null,
    grouping_code text not null,
    kind text not null,
    mode text not null,
    grade bigint not null,
    base text not null,
    ratio_bp bigint not null,
    amount bigint not null,
    valid_from text not null,
    valid_until text,
    note text not null,
    created_at bigint not null,
    created_by uuid not null
);
create index commission_rule_created on commission_rule (created_at);

create table deadline_step (
    id uuid primary key,
    number bigint not null,
    party text not null,
    clock text not null,
    after_hours bigint not null,
    amount bigint not null,
    valid_from text not null,
    valid_until text,
    note text not null,
    created_at bigint not null,
    created_by uuid not null
);
create index deadline_step_created on deadline_step (created_at);

create table reward_item (
    id uuid primary key,
    number bigint not null,
    code text not null,
    name text not null,
    sign text not null,
    cause text not null,
    cause_code text not null,
    threshold bigint not null,
    measure text not null,
    amount bigint not null,
    percent_bp bigint not null,
    points bigint not null,
    valid_from text not null,
    valid_until text,
    note text not null,
    created_at bigint not null,
    created_by uuid not null
);
create index reward_item_created on reward_item (created_at);
create index reward_item_code on reward_item (code);

create table post_wage (
    id uuid primary key,
    staff_id uuid,
    staff_name text not null,
    grade bigint not null,
    wage bigint not null,
    allowance bigint not null,
    valid_from text not null,
    created_at bigint not null,
    created_by uuid not null
);
create index post_wage_created on post_wage (created_at);

-- One computation per audit of an order; `round` is the number of reworks before it.
create table pay_calc (
    id uuid primary key,
    org_id uuid not null,
    order_id uuid not null,
    order_no text not null,
    round bigint not null,
    state text not null check (state in ('valid', 'reversed')),
    facts text not null,
    total bigint not null,
    created_at bigint not null,
    reversed_at bigint,
    unique (order_id, round)
);

create table pay_sheet (
    id uuid primary key,
    org_id uuid not null,
    staff_id uuid not null,
    staff_name text not null,
    period text not null,
    wage bigint not null,
    allowance bigint not null,
    commission bigint not null,
    rewards bigint not null,
    deductions bigint not null,
    corrections bigint not null,
    total bigint not null,
    points bigint not null,
    jobs bigint not null,
    state text not null check (state in ('draft', 'locked')),
    version bigint not null,
    created_at bigint not null,
    updated_at bigint not null,
    locked_at bigint,
    locked_by text not null,
    unique (staff_id, period)
);
create index pay_sheet_period on pay_sheet (period, org_id);
create index pay_sheet_updated on pay_sheet (updated_at);

create table pay_line (
    id uuid primary key,
    org_id uuid not null,
    party text not null,
    staff_id uuid not null,
    staff_name text not null,
    calc_id uuid references pay_calc (id),
    order_id uuid,
    order_no text not null,
    period text not null,
    kind text not null,
    amount bigint not null,
    points bigint not null,
    share_bp bigint not null,
    rule_kind text not null,
    rule_id uuid,
    rule_version bigint not null,
    label text not null,
    said text not null,
    sheet_id uuid references pay_sheet (id),
    reverses uuid,
    created_at bigint not null,
    created_by uuid not null
);
create index pay_line_staff on pay_line (staff_id, period);
create index pay_line_order on pay_line (order_id);
create index pay_line_org on pay_line (org_id, created_at);
create index pay_line_created on pay_line (created_at);
create index pay_line_sheet on pay_line (sheet_id);

-- Results of callbacks, for rewards and penalties (PAY-04, 06); told by events.
create table pay_callback (
    callback_id uuid primary key,
    order_id uuid not null,
    class text not null,
    at bigint not null
);
create index pay_callback_order on pay_callback (order_id);

create table pay_dispute (
    id uuid primary key,
    line_id uuid not null references pay_line (id),
    org_id uuid not null,
    staff_id uuid not null,
    staff_name text not null,
    order_no text not null,
    question text not null,
    state text not null check (state in ('open', 'answered')),
    answer text not null,
    answered_by text not null,
    created_at bigint not null,
    answered_at bigint
);
create index pay_dispute_created on pay_dispute (created_at);
create index pay_dispute_line on pay_dispute (line_id);

-- Ratios to start from; a company puts its own in their place (PAY-01).
-- @sqlite
insert into commission_rule values (x'01900000000070008000000000000011', '维修提成', 1, 'repair', '', '', 0, 'labour_gross', 3000, 0, '2000-01-01', null, '', 0, x'00000000000000000000000000000000');
insert into commission_rule values (x'01900000000070008000000000000012', '安装提成', 1, 'install', '', '', 0, 'labour_gross', 4000, 0, '2000-01-01', null, '', 0, x'00000000000000000000000000000000');
insert into commission_rule values (x'01900000000070008000000000000013', '外协提成', 1, 'outsourced', '', '', 0, 'labour_gross', 2000, 0, '2000-01-01', null, '', 0, x'00000000000000000000000000000000');
-- @end
-- @postgres
insert into commission_rule values ('01900000-0000-7000-8000-000000000011', '维修提成', 1, 'repair', '', '', 0, 'labour_gross', 3000, 0, '2000-01-01', null, '', 0, '00000000-0000-0000-0000-000000000000');
insert into commission_rule values ('01900000-0000-7000-8000-000000000012', '安装提成', 1, 'install', '', '', 0, 'labour_gross', 4000, 0, '2000-01-01', null, '', 0, '00000000-0000-0000-0000-000000000000');
insert into commission_rule values ('01900000-0000-7000-8000-000000000013', '外协提成', 1, 'outsourced', '', '', 0, 'labour_gross', 2000, 0, '2000-01-01', null, '', 0, '00000000-0000-0000-0000-000000000000');
-- @end
