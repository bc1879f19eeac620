-- Customer files (CUST-01…05, 13, 23). `*_key` columns hold the folded form by which equal things are found.

create table customer_class (
    code text primary key,
    zh text not null,
    en text not null,
    sort bigint not null,
    active boolean not null
);
insert into customer_class (code, zh, en, sort, active) values
    ('direct', '直接用户', 'Direct user', 1, true),
    ('dealer', '经销商', 'Dealer', 2, true),
    ('store', '大卖场', 'Big-box store', 3, true),
    ('group', '集团客户', 'Group customer', 4, true),
    ('agent', '代理商', 'Agent', 5, true),
    ('other', '其他', 'Other', 6, true);

create table customer (
    id uuid primary key,
    version bigint not null,
    no text not null unique,
    org_id uuid not null,
    name text not null,
    name_key text not null,
    class text not null references customer_class (code),
    grade text not null check (grade in ('a', 'b', 'c', 'd')),
    standing text not null check (standing in ('potential', 'existing')),
    member boolean not null,
    phone text not null,
    phone_key text not null,
    email text not null,
    region text not null,
    district text not null,
    address text not null,
    address_key text not null,
    call_from text not null,
    call_to text not null,
    custodian_id uuid,
    notes text not null,
    complete boolean not null,
    state text not null check (state in ('active', 'archived', 'merged', 'erased')),
    merged_into uuid references customer (id),
    created_by uuid,
    created_at bigint not null,
    updated_at bigint not null
);
create index customer_org on customer (org_id, updated_at, id);
create index customer_updated on customer (updated_at, id);
create index customer_incomplete on customer (org_id, updated_at) where complete = false;
create index customer_custodian on customer (custodian_id, updated_at);
create index customer_phone on customer (phone_key);
create index customer_name on customer (name_key);
create index customer_address on customer (address_key);
create index customer_merged on customer (merged_into) where merged_into is not null;

create table customer_contact (
    id uuid primary key,
    customer_id uuid not null references customer (id),
    org_id uuid not null,
    name text not null,
    role text not null,
    phone text not null,
    phone_key text not null,
    email text not null,
    created_at bigint not null
);
create index customer_contact_of on customer_contact (customer_id, created_at);
create index customer_contact_phone on customer_contact (phone_key);

create table customer_address_more (
    id uuid primary key,
    customer_id uuid not null references customer (id),
    org_id uuid not null,
    label text not null,
    region text not null,
    district text not null,
    address text not null,
    created_at bigint not null
);
create index customer_address_more_of on customer_address_more (customer_id, created_at);

-- What other contexts may join to. Phone and address are sensitive: lists mark such columns.
create view pub_customer as
select id, no, name, org_id, class, grade, standing, member, phone, region, district, address, call_from, call_to,
       custodian_id, complete, state, merged_into
from customer;
