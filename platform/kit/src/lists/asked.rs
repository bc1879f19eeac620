//! The state of a list lives in its address: reading it, and writing addresses that differ in one thing.

use form_urlencoded::{Serializer, parse};
use kernel::{RuleError, T};

use super::query::ListQuery;
use crate::Result;

impl ListQuery {
    /// Reads a query string. Unknown names are left alone; an empty value is absent, except for `filter`, where
    /// it says "no conditions" even if the view has some. Error `list.limit`.
    pub fn read(query: &str) -> Result<Self> {
        let mut asked = Self::default();
        for (name, value) in parse(query.as_bytes()) {
            let value = value.into_owned();
            let place = match &*name {
                "filter" => {
                    asked.filter = Some(value);
                    continue;
                }
                // Three fields of a form are one list; nothing in them says "rows" even if the view has groups.
                "group" => {
                    let known = asked.group.take().filter(|known| !known.is_empty());
                    asked.group = Some(match known {
                        Some(known) if !value.is_empty() => format!("{known},{value}"),
                        Some(known) => known,
                        None => value,
                    });
                    continue;
                }
                "limit" if !value.is_empty() => {
                    let bad = || {
                        RuleError::new(
                            "list.limit",
                            T("每页行数应为整数", "The number of rows must be a whole number"),
                        )
                    };
                    asked.limit = Some(value.parse().map_err(|_| bad().field("limit"))?);
                    continue;
                }
                "view" => &mut asked.view,
                "q" => &mut asked.q,
                "sort" => &mut asked.sort,
                "after" => &mut asked.after,
                "before" => &mut asked.before,
                "columns" => &mut asked.columns,
                _ => continue,
            };
            *place = Some(value).filter(|value| !value.is_empty());
        }
        Ok(asked)
    }

    /// Names and values, for addresses and hidden fields.
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let limit = self.limit.map(|limit| limit.to_string());
        let all = [
            ("view", &self.view),
            ("q", &self.q),
            ("filter", &self.filter),
            ("sort", &self.sort),
            ("limit", &limit),
            ("columns", &self.columns),
            ("group", &self.group),
            ("after", &self.after),
            ("before", &self.before),
        ];
        all.into_iter().filter_map(|(name, value)| Some((name, value.clone()?))).collect()
    }

    /// The query string.
    pub fn text(&self) -> String {
        Serializer::new(String::new()).extend_pairs(self.pairs()).finish()
    }

    /// `path` with this state.
    pub fn url(&self, path: &str) -> String {
        let text = self.text();
        if text.is_empty() { path.to_string() } else { format!("{path}?{text}") }
    }

    /// The same question from its first page.
    #[must_use]
    pub fn first_page(&self) -> Self {
        Self { after: None, before: None, ..self.clone() }
    }

    /// Grouped by something.
    pub fn grouped(&self) -> bool {
        self.group.as_deref().is_some_and(|group| !group.is_empty())
    }

    /// The same question with other conditions, from the first page.
    #[must_use]
    pub fn with_filter(&self, filter: String) -> Self {
        Self { filter: Some(filter), ..self.first_page() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_keeps_the_whole_state() {
        let asked = ListQuery {
            view: Some("late".into()),
            q: Some("苏州 & co".into()),
            filter: Some(String::new()),
            sort: Some("-at".into()),
            limit: Some(20),
            columns: Some("a,b".into()),
            group: Some("state,day".into()),
            after: Some("x".into()),
            before: None,
        };
        let again = ListQuery::read(&asked.text()).expect("its own text");
        assert_eq!(again.text(), asked.text());
        assert_eq!(again.filter.as_deref(), Some(""));
        assert!(ListQuery::read("limit=many").is_err());
        let three = ListQuery::read("group=&group=a&group=b&group=").expect("fine");
        assert_eq!(three.group.as_deref(), Some("a,b"));
        assert_eq!(ListQuery::read("q=&view=").expect("fine").text(), "");
    }
}
