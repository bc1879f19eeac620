//! What a list is made of.

use kernel::{Lang, T};

use crate::perm::{Perm, Sens};

/// What a column holds: decides cells, filters, export and JSON.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// short text
    Text,
    /// document number, shown as the link of the row
    No,
    /// whole number
    Int,
    /// minor units
    Money,
    /// thousandths
    Qty,
    /// instant
    Time,
    /// date
    Date,
    /// yes or no
    Bool,
    /// one of several codes
    Code(&'static [(&'static str, T)]),
    /// document state: shown as a badge with ring
    State(&'static [(&'static str, T)]),
    /// due time of a clock, shown as a counting chip
    Due,
    /// 1 low … 4 urgent
    Priority,
    /// a person, shown with avatar
    Person,
    /// id, for filters and API; not shown
    Id,
}

/// A coloured tag for codes: code → tone name of the design system.
pub type Badge = fn(&str) -> ui::Tone;

/// One column.
#[derive(Clone, Debug)]
pub struct Col {
    /// Key in API, exports, imports and views.
    pub key: &'static str,
    /// Heading.
    pub label: T,
    /// SQL expression over the list's tables; always with a table alias, for example `c.name`.
    pub expr: &'static str,
    /// The same for readers of English, where names are kept in both languages.
    pub english: Option<&'static str>,
    /// What it holds.
    pub kind: Kind,
    /// Sensitive: masked for those who may not see it, and then not filterable either.
    pub sens: Option<Sens>,
    /// Shown without being chosen.
    pub shown: bool,
    /// May be sorted by. Only indexed base columns should be.
    pub sort: bool,
    /// May be empty although it is sorted by: empty times come last, other empty values first. Costs the index.
    pub nullable: bool,
    /// Tone of a code's tag.
    pub badge: Option<Badge>,
    /// Width in rem; 0: automatic.
    pub width: u8,
    /// Of a deadline: expression of the whole span in microseconds, so that its bar fills as the time passes.
    pub span: Option<&'static str>,
    /// Permission needed to have the column at all.
    pub perm: Option<&'static Perm>,
    /// An id that stands in a tree: table or published view with `id`, `parent_id` and `name`. It can be filtered by a
    /// branch with everything below.
    pub tree: Option<&'static str>,
    /// Amounts and quantities are added up in a summary, unless adding them says nothing.
    pub sum: bool,
    /// Rows may hold other codes than those of today's options.
    pub open: bool,
}

/// The longest of some words in rem, as small letters are: a Chinese one is twice as wide as a Latin one.
fn longest(options: &[(&str, T)]) -> f32 {
    let wide = |text: &str| text.chars().map(|c| if c.is_ascii() { 0.4 } else { 0.75 }).sum::<f32>();
    options.iter().flat_map(|(_, label)| [wide(label.0), wide(label.1)]).fold(0.0, f32::max)
}

impl Col {
    /// A visible column.
    pub fn new(key: &'static str, label: T, expr: &'static str, kind: Kind) -> Self {
        Self {
            key,
            label,
            expr,
            english: None,
            kind,
            sens: Sens::of_key(key),
            shown: true,
            sort: false,
            nullable: false,
            badge: None,
            width: 0,
            span: None,
            perm: None,
            tree: None,
            sum: true,
            open: false,
        }
    }

    /// Rows may hold codes that are no longer to be chosen: they can be asked for.
    #[must_use]
    pub fn open(mut self) -> Self {
        self.open = true;
        self
    }

    /// Readers of English get this expression instead: for names that are kept in both languages.
    #[must_use]
    pub fn english(mut self, expr: &'static str) -> Self {
        self.english = Some(expr);
        self
    }

    /// The expression for a reader's language.
    pub fn sql(&self, lang: Lang) -> &'static str {
        self.english.filter(|_| lang == Lang::En).unwrap_or(self.expr)
    }

    /// Only shown when chosen.
    #[must_use]
    pub fn hidden(mut self) -> Self {
        self.shown = false;
        self
    }

    /// May be sorted by: its expression is an indexed column of the base table.
    #[must_use]
    pub fn sortable(mut self) -> Self {
        self.sort = true;
        self
    }

    /// Sorted by although it may be empty; slow on large tables, see [`Col::nullable`].
    #[must_use]
    pub fn nullable(mut self) -> Self {
        self.sort = true;
        self.nullable = true;
        self
    }

    /// Sensitive.
    #[must_use]
    pub fn sensitive(mut self, kind: Sens) -> Self {
        self.sens = Some(kind);
        self
    }

    /// Codes as coloured tags.
    #[must_use]
    pub fn badge(mut self, badge: Badge) -> Self {
        self.badge = Some(badge);
        self
    }

    /// Width in rem.
    #[must_use]
    pub fn width(mut self, rem: u8) -> Self {
        self.width = rem;
        self
    }

    /// Of a deadline: its whole span; see the field.
    #[must_use]
    pub fn span(mut self, expr: &'static str) -> Self {
        self.span = Some(expr);
        self
    }

    /// Width by what it holds, in rem, so that tables don't jump from page to page; none: it takes what is left.
    pub fn rem(&self) -> Option<f32> {
        Some(match self.kind {
            _ if self.width > 0 => f32::from(self.width),
            Kind::No => 10.5,
            Kind::Int | Kind::Qty | Kind::Bool | Kind::Priority => 5.5,
            // A word has to be read whole in both languages, with its ring or its tag; only rare long ones end in dots.
            Kind::State(options) => (longest(options) + 3.25).clamp(7.0, 10.0),
            Kind::Code(options) => (longest(options) + 2.0).clamp(7.0, 10.0),
            Kind::Money | Kind::Date | Kind::Person => 7.0,
            Kind::Time | Kind::Due => 9.0,
            Kind::Text | Kind::Id => return None,
        })
    }

    /// The least width it is readable with, in rem.
    pub fn least_rem(&self) -> f32 {
        self.rem().unwrap_or(8.0)
    }

    /// An id of a tree; see the field.
    #[must_use]
    pub fn tree(mut self, from: &'static str) -> Self {
        self.tree = Some(from);
        self
    }

    /// A price, a rate or a limit: never added up in a summary.
    #[must_use]
    pub fn apart(mut self) -> Self {
        self.sum = false;
        self
    }

    /// Only for holders of a permission.
    #[must_use]
    pub fn only(mut self, perm: &'static Perm) -> Self {
        self.perm = Some(perm);
        self
    }
}

/// A built-in view: a tab with a name and a filter.
#[derive(Clone, Debug)]
pub struct Preset {
    /// Key in the URL; no letters that need escaping.
    pub key: &'static str,
    /// Tab.
    pub label: T,
    /// Filter in URL form, for example `state~in~new,accepted`; a value `{me}` is the caller's staff id, `{today}`
    /// the present day.
    pub filter: &'static str,
    /// Red count: something is wrong or late.
    pub hot: bool,
}

/// A tree beside a list: its branches lead to the rows at or below them (ORG-02, PROD-01).
#[derive(Clone, Copy, Debug)]
pub struct Tree {
    /// Column with the branch, one with [`Col::tree`].
    pub key: &'static str,
    /// What the tree is called.
    pub label: T,
    /// Order of siblings, over the tree's columns.
    pub order: &'static str,
    /// Only the organisations that the reader's permission reaches.
    pub orgs: bool,
}

/// A list.
#[derive(Clone, Debug)]
pub struct ListSpec {
    /// `orders`: key in API and views.
    pub key: &'static str,
    /// Heading.
    pub title: T,
    /// Where the page is: `/orders`. `/api/v1{href}` answers the same as JSON.
    pub href: &'static str,
    /// Permission to read; its reach becomes the condition.
    pub perm: &'static Perm,
    /// Base table and alias: `service_order o`. It has columns `id` and what `org` and `owner` name.
    pub from: &'static str,
    /// Alias of the base table: `o`.
    pub alias: &'static str,
    /// Joins by alias, only used when a column needs them: `("c", "join customer c on c.id = o.customer_id")`.
    /// Order matters when one join builds on another; each must keep exactly one row per base row.
    pub joins: &'static [(&'static str, &'static str)],
    /// Fixed condition, without `where`; empty: none.
    pub condition: &'static str,
    /// Column with the organisation; empty: the rows belong to everybody who holds the permission.
    pub org: &'static str,
    /// Column with the owner, for `own` and `team` reach.
    pub owner: Option<&'static str>,
    /// Where more people than the owner are found, for the same ([`crate::perm::Scope::push_shared`]).
    pub shared: Option<crate::perm::Shared>,
    /// Where the people, posts and organisations stand that a row names, each of which has it like an own one
    /// ([`crate::perm::Scope::push_named`]); it needs an owner.
    pub named: Option<crate::perm::Shared>,
    /// Column with the id of a document that may be of a confidential kind ([`crate::hidden`]); empty: none is.
    pub hides: &'static str,
    /// Columns in order.
    pub columns: Vec<Col>,
    /// Tabs.
    pub presets: Vec<Preset>,
    /// Key of the tab that the page opens with: the work to do. None: everything.
    pub start: Option<&'static str>,
    /// Kind in the search index, if its rows are there.
    pub search_kind: Option<&'static str>,
    /// Sorted by this column key at first; descending if `true`.
    pub sort: (&'static str, bool),
    /// Key of a column by which rows stand in groups, each under a heading, as long as they are sorted by it.
    pub group: Option<&'static str>,
    /// Page of a row with `{id}`; empty: none.
    pub row_href: &'static str,
    /// Page to make a new one, and the permission for it.
    pub create: Option<(&'static str, T, &'static Perm)>,
    /// Actions on selected rows: label, icon, POST address taking `ids`, permission.
    pub bulk: Vec<(T, &'static str, &'static str, &'static Perm)>,
    /// Pages that show selected rows, such as to print them: the same with a GET address.
    pub shows: Vec<(T, &'static str, &'static str, &'static Perm)>,
    /// Import kind of its sheet, if it can be imported.
    pub sheet: Option<&'static str>,
    /// A tree to walk it by.
    pub tree: Option<Tree>,
}

impl ListSpec {
    /// A list with the usual defaults; fill in the rest by struct update.
    pub fn new(
        key: &'static str,
        title: T,
        href: &'static str,
        perm: &'static Perm,
        from: &'static str,
        alias: &'static str,
    ) -> Self {
        Self {
            key,
            title,
            href,
            perm,
            from,
            alias,
            joins: &[],
            condition: "",
            org: "",
            owner: None,
            shared: None,
            named: None,
            hides: "",
            columns: Vec::new(),
            presets: Vec::new(),
            start: None,
            search_kind: None,
            sort: ("id", true),
            group: None,
            row_href: "",
            create: None,
            bulk: Vec::new(),
            shows: Vec::new(),
            sheet: None,
            tree: None,
        }
    }

    /// Page of one row; none when rows have no page.
    pub fn row_url(&self, id: kernel::Id) -> Option<String> {
        (!self.row_href.is_empty()).then(|| self.row_href.replace("{id}", &id.to_string()))
    }

    /// The column called `key`.
    pub fn column(&self, key: &str) -> Option<&Col> {
        self.columns.iter().find(|col| col.key == key)
    }
}
