-- What customers see and do without an account.

-- Messages between customer and service about an order (WO-40).
create table order_message (
    id uuid primary key,
    order_id uuid not null,
    org_id uuid not null,
    from_customer boolean not null,
    author text not null,
    user_id uuid,
    text text not null,
    -- The form's key: a form that is sent twice says it once.
    form_key text not null,
    at bigint not null
);
create index order_message_order on order_message (order_id, at, id);
create unique index order_message_once on order_message (order_id, form_key) where form_key <> '';

-- Codes told to the registered number of a unit's owner. Only a hash is kept.
create table portal_code (
    id uuid primary key,
    unit_id uuid not null,
    customer_id uuid not null,
    org_id uuid not null,
    phone_key text not null,
    hash text not null,
    tries bigint not null,
    created_at bigint not null,
    expires_at bigint not null,
    used_at bigint
);
create index portal_code_unit on portal_code (unit_id, created_at);
create index portal_code_customer on portal_code (customer_id);

-- A day's access to the documents of a customer. Only a hash of the secret is kept.
create table portal_pass (
    hash text primary key,
    customer_id uuid not null,
    org_id uuid not null,
    unit_id uuid not null,
    created_at bigint not null,
    expires_at bigint not null
);
create index portal_pass_expires on portal_pass (expires_at);
create index portal_pass_customer on portal_pass (customer_id);
create index portal_pass_unit on portal_pass (unit_id);

-- Files of models that customers may read.
create table model_paper (
    file_id uuid primary key,
    model_id uuid not null,
    title text not null,
    published_at bigint not null,
    published_by text not null
);
create index model_paper_model on model_paper (model_id, title);
