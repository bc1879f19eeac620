//! Which documents are a person's.

use std::collections::BTreeMap;

use db::{Conn, Sql};
use kernel::Id;

use super::{CHUNK, Unsure};
use crate::{Cx, Result, hidden::Hidden};

/// Deepest chain of documents: file → order → document → the document that it made …
const DEEPEST: usize = 9;

/// Documents of a person: kind → ids with their numbers.
#[derive(Default)]
pub struct Docs {
    pub kinds: BTreeMap<&'static str, Vec<(Id, String)>>,
    /// What may be the person's and may be somebody else's.
    pub unsure: Vec<Unsure>,
}

impl Docs {
    pub fn ids(&self, kind: &str) -> Vec<Id> {
        self.kinds.get(kind).into_iter().flatten().map(|(id, _)| *id).collect()
    }

    pub fn all(&self) -> Vec<Id> {
        self.kinds.values().flatten().map(|(id, _)| *id).collect()
    }

    /// Number of a document.
    pub fn no(&self, kind: &str, id: Id) -> &str {
        self.kinds
            .get(kind)
            .into_iter()
            .flatten()
            .find(|(held, _)| *held == id)
            .map_or("", |(_, no)| no.as_str())
    }

    fn keep(&mut self, kind: &'static str, found: impl IntoIterator<Item = (Id, String)>) {
        let known = self.kinds.entry(kind).or_default();
        for (id, no) in found {
            match known.iter_mut().find(|(held, _)| *held == id) {
                Some(held) => held.1 = no,
                None => known.push((id, no)),
            }
        }
    }

    fn count(&self) -> usize {
        self.kinds.values().map(Vec::len).sum()
    }
}

pub fn within<'a>(ids: &'a [Id], sql: impl Fn() -> Sql + 'a) -> impl Iterator<Item = Sql> + 'a {
    ids.chunks(CHUNK).map(move |ids| {
        let mut sql = sql();
        sql.list(ids.iter().copied());
        sql
    })
}

/// All documents that are the person's, by the ways that the contexts declare, without what is hidden.
pub async fn docs(
    cx: &Cx,
    conn: &mut Conn,
    (kind, id): (&'static str, Id),
    hidden: &[Hidden],
) -> Result<Docs> {
    let mut docs = Docs { kinds: BTreeMap::from([(kind, vec![(id, String::new())])]), unsure: Vec::new() };
    follow(cx, conn, &mut docs).await?;
    let (own, shared) = of_files(cx, conn, &docs.ids(kind)).await?;
    for holding in &cx.app.registry.personal {
        let (Some(find), Some((made, _))) = (holding.found, holding.doc) else { continue };
        if !own.is_empty() {
            docs.keep(made, find(conn, &own, hidden).await?);
        }
        if !shared.is_empty() {
            let found = find(conn, &shared, hidden).await?;
            docs.unsure.extend(found.into_iter().map(|(id, no)| Unsure { id, kind: made.into(), no }));
        }
    }
    follow(cx, conn, &mut docs).await?;
    let known = docs.all();
    docs.unsure.retain(|unsure| !known.contains(&unsure.id));
    Ok(docs)
}

async fn of_files(cx: &Cx, conn: &mut Conn, files: &[Id]) -> Result<(Vec<String>, Vec<String>)> {
    match cx.app.registry.phones {
        Some(phones) => phones(conn, files).await,
        None => Ok((Vec::new(), Vec::new())),
    }
}

/// The telephone numbers of a person, see [`super::Phones`]: those of files that were merged into the one count too.
pub async fn phones(
    cx: &Cx,
    conn: &mut Conn,
    (kind, id): (&'static str, Id),
) -> Result<(Vec<String>, Vec<String>)> {
    let mut docs = Docs { kinds: BTreeMap::from([(kind, vec![(id, String::new())])]), unsure: Vec::new() };
    follow(cx, conn, &mut docs).await?;
    of_files(cx, conn, &docs.ids(kind)).await
}

/// Goes from document to document until none leads to a further one.
async fn follow(cx: &Cx, conn: &mut Conn, docs: &mut Docs) -> Result<()> {
    for _ in 0..DEEPEST {
        let before = docs.count();
        for holding in cx.app.registry.personal.iter().filter(|holding| holding.found.is_none()) {
            let Some((made, no)) = holding.doc else { continue };
            let ids = docs.ids(holding.of.0);
            let text = format!("select t.id, t.{no} from {} t where t.{} in ", holding.table, holding.of.1);
            for sql in within(&ids, || Sql::new(text.clone())) {
                let found: Vec<(Id, String)> = conn.all_sql(sql).await?;
                docs.keep(made, found);
            }
        }
        if docs.count() == before {
            break;
        }
    }
    Ok(())
}
