-- Process templates, the documents that run by them, and signatures (DOC-01…25, DESIGN §7.3).

create table process_template (
    id uuid primary key,
    version bigint not null,
    code text not null,
    number bigint not null,
    state text not null check (state in ('draft', 'active', 'retired')),
    name text not null,
    name_en text not null,
    source text not null,
    shipped boolean not null,
    effective_from bigint,
    note text not null,
    created_by text not null,
    created_at bigint not null,
    updated_at bigint not null,
    check (state <> 'active' or effective_from is not null)
);
create unique index process_template_number on process_template (code, number);
create index process_template_active on process_template (code, state, effective_from);

-- A document, and at the same time the run of its template. A run for something else (an order) names it as its subject.
create table document (
    id uuid primary key,
    no text not null,
    version bigint not null,
    code text not null,
    template_id uuid not null references process_template (id),
    org_id uuid not null,
    owner_id uuid,
    creator_id uuid not null,
    subject_kind text not null,
    subject_id uuid,
    subject_no text not null,
    parent_id uuid references document (id),
    depth bigint not null check (depth between 0 and 5),
    title text not null,
    title_en text not null,
    step text not null,
    step_name text not null,
    step_name_en text not null,
    stage text not null,
    state text not null,
    due_at bigint,
    created_at bigint not null,
    updated_at bigint not null,
    ended_at bigint,
    -- of a confidential kind: hidden from whoever is not among its readers
    guarded boolean not null,
    -- whose turn it is (ORG-05): a person, or the holder of a post, or anybody with a role; who ended it, once it is over
    holder_id uuid,
    holder_post text not null,
    holder_role text not null,
    -- it stands at a step with the customer present (DOC-20)
    contact boolean not null
);
create unique index document_no on document (no);
create index document_org on document (org_id, code, created_at);
create index document_stage on document (org_id, stage, updated_at);
create index document_updated on document (updated_at);
create index document_subject on document (subject_id);
create index document_parent on document (parent_id);
create index document_template on document (template_id, created_at);
create index document_owner on document (owner_id, ended_at, updated_at);
create index document_holder on document (holder_id, ended_at);
create index document_code on document (code, created_at);
create index document_due on document (due_at);
create index document_ended on document (ended_at);
create index document_ends on document (org_id, code, ended_at) where ended_at is not null;
create index document_guarded on document (template_id, org_id) where guarded;

-- Whom a document names: employees and organisations in its fields, posts at whose step or task it stands. They have it
-- wherever they are; of a confidential kind only those whom it makes readers.
create table document_party (
    document_id uuid not null references document (id),
    party_id uuid not null,
    reader boolean not null,
    primary key (document_id, party_id)
);
create index document_party_party on document_party (party_id, document_id);

-- Values of fields as rows, for lists, filters and exports; the run's state holds the same.
create table document_value (
    document_id uuid not null references document (id),
    field text not null,
    text text not null,
    number bigint,
    -- Folded telephone number, by which a person's documents are found.
    phone_key text not null,
    primary key (document_id, field)
);
create index document_value_text on document_value (field, text);
create index document_value_phone on document_value (phone_key) where phone_key <> '';

create table document_entry (
    id uuid primary key,
    document_id uuid not null references document (id),
    at bigint not null,
    user_id uuid not null,
    user_name text not null,
    instead_of text not null,
    kind text not null check (kind in ('opened', 'moved', 'saved', 'corrected', 'told', 'late', 'warned', 'signed', 'refused', 'withdrawn', 'trouble')),
    act text not null,
    from_step text not null,
    to_step text not null,
    contact boolean not null,
    text text not null
);
create index document_entry_document on document_entry (document_id, at);

create table document_task (
    id uuid primary key,
    document_id uuid not null references document (id),
    org_id uuid not null,
    trigger_key text not null,
    text text not null,
    who text not null,
    state text not null check (state in ('open', 'done', 'cancelled')),
    due_at bigint,
    created_at bigint not null,
    done_at bigint,
    done_by text not null,
    stays boolean not null,
    -- whose it is, as with a document
    holder_id uuid,
    holder_post text not null,
    holder_role text not null
);
create index document_task_document on document_task (document_id, created_at);
create index document_task_open on document_task (state, due_at);

create table document_message (
    id uuid primary key,
    document_id uuid not null references document (id),
    kind text not null,
    count bigint not null,
    text text not null,
    phone text not null,
    user_name text not null,
    at bigint not null
);
create index document_message_document on document_message (document_id, at);

-- Matrices of signatures: a new version of a matrix counts from its date; what was opened before keeps its signers.
create table approval_scheme (
    id uuid primary key,
    version bigint not null,
    code text not null,
    number bigint not null,
    name text not null,
    name_en text not null,
    bands text not null,
    effective_from bigint not null,
    created_by text not null,
    created_at bigint not null
);
create unique index approval_scheme_number on approval_scheme (code, number);
create index approval_scheme_date on approval_scheme (code, effective_from);

-- Standing committees by post: whoever holds the post is a member (ORG-15).
create table committee (
    code text primary key,
    version bigint not null,
    name text not null,
    name_en text not null,
    posts text not null,
    updated_at bigint not null
);

create table approval (
    id uuid primary key,
    version bigint not null,
    scheme_id uuid not null references approval_scheme (id),
    doc_kind text not null,
    doc_id uuid not null,
    doc_no text not null,
    title text not null,
    title_en text not null,
    org_id uuid not null,
    owner_id uuid,
    amount bigint not null,
    state text not null check (state in ('open', 'approved', 'rejected', 'cancelled')),
    band text not null,
    -- Who applied: never signs it. Null where a committee decides: it may count him among its members.
    asked_by uuid,
    created_by text not null,
    created_at bigint not null,
    updated_at bigint not null,
    ended_at bigint
);
create index approval_doc on approval (doc_id, created_at);
create index approval_org on approval (org_id, state, created_at);
create index approval_created on approval (created_at);

create table approval_seat (
    id uuid primary key,
    approval_id uuid not null references approval (id),
    stage bigint not null,
    post text not null,
    role text not null,
    state text not null check (state in ('waiting', 'open', 'approved', 'rejected', 'cancelled')),
    user_id uuid,
    user_name text not null,
    instead_of text not null,
    opinion text not null,
    opened_at bigint,
    signed_at bigint,
    reminded bigint not null
);
create index approval_seat_approval on approval_seat (approval_id, stage);
create index approval_seat_signed on approval_seat (user_id, signed_at) where user_id is not null;
create index approval_seat_open on approval_seat (state, opened_at);

-- What contexts above may join. Confidential documents are marked: no figure counts them, and where somebody reads what he
-- has to do himself or oversees, `kit::hidden::leave_out` keeps them from whoever is not among their readers.
create view pub_document as
select d.id, d.no, d.code, d.org_id, d.owner_id, d.holder_id, d.holder_post as post, d.holder_role as role, d.subject_kind, d.subject_id,
    d.parent_id, d.title, d.title_en, d.step_name, d.step_name_en, d.stage, d.due_at, d.created_at, d.updated_at, d.ended_at, d.guarded, d.contact,
    t.name as template, t.name_en as template_en,
    exists (select 1 from document_entry e where e.document_id = d.id and e.kind = 'late') as late
from document d join process_template t on t.id = d.template_id;
create view pub_document_task as
select t.id, t.document_id, t.org_id, d.no as document_no, t.holder_id, t.holder_post as post, t.holder_role as role, t.text, t.state,
    t.due_at, t.created_at, t.done_at, d.guarded
from document_task t join document d on d.id = t.document_id;
create view pub_approval_seat as
select s.id, s.approval_id, a.org_id, a.doc_no, a.title, a.title_en, a.amount, s.post, s.role, s.state, s.user_id, s.opened_at, s.signed_at,
    s.reminded, exists (select 1 from document d where d.id = a.doc_id and d.guarded) as guarded
from approval_seat s join approval a on a.id = s.approval_id;
