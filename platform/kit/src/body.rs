//! Bodies of requests: one input struct for both front doors, JSON or HTML form.
//!
//! Form fields are texts; `lines.0.quantity=1.5` nests. They are read leniently (numbers and booleans from
//! text, empty is absent) into the very struct that JSON is read into.

use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
    http::header,
};
use futures::future::BoxFuture;
use kernel::{RuleError, T, text::no_nul};
use serde::de::{
    DeserializeOwned, DeserializeSeed, IntoDeserializer, MapAccess, SeqAccess, Visitor,
    value::StrDeserializer,
};
use serde_json::{Map, Value};

use crate::{Cx, Error, Result};

/// A decoded body.
pub struct Body<V>(pub V);

impl<V: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<V> {
    type Rejection = Error;

    async fn from_request(request: Request, _: &S) -> Result<Self> {
        let Raw { form, zone, bytes } = raw(request).await?;
        let read = || if form { parse_form(&bytes) } else { parse_json(&bytes) };
        crate::zones::typed_in(zone, read).map(Self)
    }
}

/// A body as it came, and what is needed to read it.
struct Raw {
    form: bool,
    zone: kernel::Tz,
    bytes: Bytes,
}

/// What is the same for every type is compiled once.
fn raw(request: Request) -> BoxFuture<'static, Result<Raw>> {
    let form = request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|v| v.to_str().ok())
        .is_some_and(|v| v.starts_with("application/x-www-form-urlencoded"));
    let cx = request.extensions().get::<Cx>();
    let limit = cx.map_or(1 << 20, |cx| cx.app.config.body_limit);
    let zone = cx.map_or_else(crate::zones::typed_zone, Cx::zone);
    Box::pin(async move {
        let bytes = axum::body::to_bytes(request.into_body(), limit).await.map_err(|_| Error::TooLarge)?;
        Ok(Raw { form, zone, bytes })
    })
}

/// Values of the kernel that say themselves, by their code, what they have to look like.
const VALUES: &[(&str, T)] = &[
    ("number.too_large", T("数值过大", "The number is too large")),
    ("time.range", T("应在 1900–2199 年之间", "It must lie in the years 1900 to 2199")),
    ("date.invalid", T("日期不正确，应如 2026-11-22", "Not a date; write it like 2026-11-22")),
    (
        "time.format",
        T("时间格式不正确，应如 2026-11-22T08:30:00+08:00", "Write the time like 2026-11-22T08:30:00+08:00"),
    ),
    ("money.format", T("金额格式不正确，应如 1,234.50", "The amount must look like 1,234.50")),
    ("quantity.format", T("数量格式不正确，应如 2 或 1.5", "The quantity must look like 2 or 1.5")),
    ("rate.format", T("比例格式不正确，应如 12.5%", "The rate must look like 12.5%")),
];

/// What serde says, as a problem at its field in both languages. Its own sentences are English and for programmers;
/// what is not recognised is passed on as it is.
pub(crate) fn bad(detail: impl std::fmt::Display) -> Error {
    let text = detail.to_string();
    let quoted: Vec<&str> = text.split('`').skip(1).step_by(2).collect();
    let first = quoted.first().copied().unwrap_or_default();
    let has = |part: &str| text.contains(part);
    let rule = if let Some((code, words)) = VALUES.iter().find(|(code, _)| has(code)) {
        RuleError::new(code, *words)
    } else if has("missing field") {
        RuleError::new("input.missing", T("缺少“{name}”", "{name} is missing"))
            .arg("name", first)
            .field(first)
    } else if has("unknown field") {
        RuleError::new("input.unknown_field", T("没有“{name}”这个字段", "There is no field {name}"))
            .arg("name", first)
            .field(first)
    } else if has("unknown variant") {
        let words = T("“{value}”不在可选值之内：{choices}", "{value} is none of: {choices}");
        RuleError::new("input.choice", words).arg("value", first).arg("choices", quoted[1..].join(", "))
    } else if has("is not a number") {
        RuleError::new("input.number", T("应填写数字", "It must be a number"))
    } else if has("UUID parsing failed") {
        RuleError::new("input.id", T("请从列表中选择", "Choose one from the list"))
    } else if has("invalid type") || has("invalid value") || has("invalid digit") || has("invalid length") {
        let words = T("值的类型或格式不对（{detail}）", "The value has the wrong type or form ({detail})");
        RuleError::new("input.type", words).arg("detail", &text)
    } else if has(" at line ") {
        let place = text.rsplit(" at line ").next().unwrap_or_default().replace(" column ", ":");
        let words = T("内容不是有效的 JSON（{place}）", "The content is not valid JSON (at {place})");
        RuleError::new("input.json", words).arg("place", place)
    } else {
        RuleError::new("input.form", T("内容格式不对：{detail}", "The content is malformed: {detail}"))
            .arg("detail", &text)
    };
    Error::rule(rule)
}

/// Reads JSON; an empty body is an empty object. A wrong value is reported at its path.
pub fn parse_json<V: DeserializeOwned>(bytes: &[u8]) -> Result<V> {
    let bytes = if bytes.is_empty() { b"{}" } else { bytes };
    no_nul(bytes.windows(6).any(|part| part == b"\\u0000"))?;
    let mut de = serde_json::Deserializer::from_slice(bytes);
    serde_path_to_error::deserialize(&mut de).map_err(|error| {
        let said = error.inner().to_string();
        // A value that is not right does not make the whole no JSON: the place in the text says nothing then.
        let value = said.rsplit_once(" at line ").filter(|_| error.inner().is_data());
        at_path(&error.path().to_string(), &value.map_or(said.as_str(), |(value, _)| value))
    })
}

/// Reads an urlencoded form.
pub fn parse_form<V: DeserializeOwned>(bytes: &[u8]) -> Result<V> {
    no_nul(form_urlencoded::parse(bytes).any(|(_, text)| text.contains('\0')))?;
    let value = nest(form_urlencoded::parse(bytes));
    serde_path_to_error::deserialize(Lenient(value)).map_err(|error| {
        let path = error.path().to_string();
        match left_empty(bytes, &path, &error.inner().to_string()) {
            Some(field) => Error::rule(crate::inputs::required(&field)),
            None => at_path(&path, error.inner()),
        }
    })
}

/// The field of a form that is needed and was left empty, or holds nothing that could be sent.
fn left_empty(bytes: &[u8], path: &str, said: &str) -> Option<String> {
    if said.contains("missing field") {
        let name = said.split('`').nth(1)?;
        return Some(if matches!(path, "." | "?") { name.to_string() } else { format!("{path}.{name}") });
    }
    let name = path.replace('[', ".").replace(']', "");
    let empty = |(key, text): (std::borrow::Cow<'_, str>, std::borrow::Cow<'_, str>)| {
        key == name && text.trim().is_empty()
    };
    form_urlencoded::parse(bytes).any(empty).then(|| path.to_string())
}

fn at_path(path: &str, detail: &impl std::fmt::Display) -> Error {
    match bad(detail) {
        Error::Invalid(mut problems) if !matches!(path, "." | "?") => {
            if let Some(first) = problems.0.first_mut() {
                let name = first.field.take();
                first.field = Some(match name {
                    Some(name) if !path.ends_with(&name) => format!("{path}.{name}"),
                    _ => path.to_string(),
                });
            }
            Error::Invalid(problems)
        }
        other => other,
    }
}

/// Nests dotted names; numbers make arrays.
fn nest<'a>(pairs: impl Iterator<Item = (std::borrow::Cow<'a, str>, std::borrow::Cow<'a, str>)>) -> Value {
    let mut root = Value::Object(Map::new());
    for (name, text) in pairs.take(5000) {
        let mut place = &mut root;
        for part in name.split('.').take(6) {
            let Value::Object(map) = place else { break };
            place = map.entry(part.to_string()).or_insert_with(|| Value::Object(Map::new()));
        }
        match place {
            // The same name twice (check boxes) makes a list.
            Value::String(first) => {
                *place = Value::Array(vec![
                    Value::String(std::mem::take(first)),
                    Value::String(text.into_owned()),
                ]);
            }
            Value::Array(list) => list.push(Value::String(text.into_owned())),
            _ => *place = Value::String(text.into_owned()),
        }
    }
    let mut gaps = MOST_GAPS;
    arrays(root, &mut gaps)
}

/// Rows that may be missing in one form; with more the numbers are nonsense and gaps are closed.
const MOST_GAPS: usize = 1000;

/// Makes arrays of numbered names. A row that was not sent leaves an empty one, so that every row keeps its number and
/// errors stand where people typed.
fn arrays(value: Value, gaps: &mut usize) -> Value {
    let Value::Object(map) = value else { return value };
    let numbered = !map.is_empty() && map.keys().all(|key| key.parse::<u16>().is_ok());
    if !numbered {
        return Value::Object(map.into_iter().map(|(key, item)| (key, arrays(item, gaps))).collect());
    }
    let mut items: Vec<(usize, Value)> = map
        .into_iter()
        .filter_map(|(key, item)| Some((usize::from(key.parse::<u16>().ok()?), arrays(item, gaps))))
        .collect();
    items.sort_by_key(|(index, _)| *index);
    let missing = items.last().map_or(0, |(last, _)| (last + 1).saturating_sub(items.len()));
    if missing > *gaps {
        return Value::Array(items.into_iter().map(|(_, item)| item).collect());
    }
    *gaps -= missing;
    let empty = match items.first() {
        Some((_, Value::String(_))) => Value::String(String::new()),
        _ => Value::Object(Map::new()),
    };
    let mut list: Vec<Value> = Vec::with_capacity(items.len() + missing);
    for (index, item) in items {
        while list.len() < index {
            list.push(empty.clone());
        }
        list.push(item);
    }
    Value::Array(list)
}

/// Reads texts as whatever is asked for.
struct Lenient(Value);

type De = serde_json::Error;

fn custom(text: impl std::fmt::Display) -> De {
    serde::de::Error::custom(text)
}

macro_rules! from_text {
    ($($method:ident $visit:ident $type:ty;)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, De> {
            match &self.0 {
                Value::String(text) => {
                    let number: $type = text.trim().parse().map_err(|_| custom(format!("`{text}` is not a number")))?;
                    visitor.$visit(number)
                }
                _ => serde::Deserializer::$method(self.0, visitor),
            }
        }
    )*};
}

impl<'de> serde::Deserializer<'de> for Lenient {
    type Error = De;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, De> {
        match self.0 {
            Value::Object(map) => visitor.visit_map(LenientMap { iter: map.into_iter(), value: None }),
            Value::Array(list) => visitor.visit_seq(LenientSeq(list.into_iter())),
            other => serde::Deserializer::deserialize_any(other, visitor),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, De> {
        match &self.0 {
            Value::Null => visitor.visit_none(),
            Value::String(text) if text.trim().is_empty() => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, De> {
        match &self.0 {
            Value::String(text) => match text.trim() {
                "true" | "on" | "1" | "yes" => visitor.visit_bool(true),
                "false" | "off" | "0" | "no" | "" => visitor.visit_bool(false),
                other => Err(custom(format!("`{other}` is neither yes nor no"))),
            },
            _ => serde::Deserializer::deserialize_bool(self.0, visitor),
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, De> {
        match self.0 {
            Value::Array(list) => visitor.visit_seq(LenientSeq(list.into_iter())),
            Value::String(text) if text.is_empty() => visitor.visit_seq(LenientSeq(Vec::new().into_iter())),
            Value::Object(map) if map.is_empty() => visitor.visit_seq(LenientSeq(Vec::new().into_iter())),
            single => visitor.visit_seq(LenientSeq(vec![single].into_iter())),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, De> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, De> {
        match self.0 {
            Value::String(text) => {
                let code: StrDeserializer<'_, De> = text.as_str().into_deserializer();
                visitor.visit_enum(code)
            }
            other => serde::Deserializer::deserialize_enum(other, name, variants, visitor),
        }
    }

    from_text! {
        deserialize_i8 visit_i8 i8;
        deserialize_i16 visit_i16 i16;
        deserialize_i32 visit_i32 i32;
        deserialize_i64 visit_i64 i64;
        deserialize_u8 visit_u8 u8;
        deserialize_u16 visit_u16 u16;
        deserialize_u32 visit_u32 u32;
        deserialize_u64 visit_u64 u64;
        deserialize_f64 visit_f64 f64;
    }

    serde::forward_to_deserialize_any! {
        i128 u128 f32 char str string bytes byte_buf unit unit_struct tuple tuple_struct map struct identifier ignored_any
    }
}

struct LenientMap {
    iter: serde_json::map::IntoIter,
    value: Option<Value>,
}

impl<'de> MapAccess<'de> for LenientMap {
    type Error = De;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, De> {
        let Some((key, value)) = self.iter.next() else { return Ok(None) };
        self.value = Some(value);
        seed.deserialize(IntoDeserializer::<De>::into_deserializer(key)).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, De> {
        seed.deserialize(Lenient(self.value.take().unwrap_or(Value::Null)))
    }
}

struct LenientSeq(std::vec::IntoIter<Value>);

impl<'de> SeqAccess<'de> for LenientSeq {
    type Error = De;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, De> {
        self.0.next().map(|value| seed.deserialize(Lenient(value))).transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(serde::Deserialize, Debug, PartialEq)]
    struct Line {
        part: String,
        count: i64,
    }

    #[derive(serde::Deserialize, Debug, PartialEq)]
    struct Input {
        name: String,
        note: Option<String>,
        urgent: Option<bool>,
        #[serde(default)]
        lines: Vec<Line>,
        #[serde(default)]
        tags: Vec<String>,
    }

    #[test]
    fn a_form_fills_the_same_struct_as_json() {
        let form: Input = parse_form(b"name=a+b&note=&urgent=on&lines.0.part=x&lines.0.count=2&lines.1.part=y&lines.1.count=3&tags=p&tags=q").expect("valid");
        let json: Input = parse_json(
            br#"{"name":"a b","urgent":true,"lines":[{"part":"x","count":2},{"part":"y","count":3}],"tags":["p","q"]}"#,
        )
        .expect("valid");
        assert_eq!(form, json);
    }

    #[test]
    fn a_wrong_date_is_called_a_wrong_date() {
        #[derive(Debug, serde::Deserialize)]
        struct Bought {
            #[allow(dead_code)]
            on: kernel::Date,
        }
        for (text, code) in
            [("1800-01-01", "time.range"), ("2026-13-01", "date.invalid"), ("gestern", "date.invalid")]
        {
            for read in [
                parse_json::<Bought>(format!(r#"{{"on":"{text}"}}"#).as_bytes()),
                parse_form::<Bought>(format!("on={text}").as_bytes()),
            ] {
                let Err(Error::Invalid(problems)) = read else { panic!("{text} was taken") };
                assert_eq!(
                    (problems.0[0].code, problems.0[0].field.as_deref()),
                    (code, Some("on")),
                    "{text}"
                );
            }
        }
        let Err(Error::Invalid(broken)) = parse_json::<Bought>(b"{\"on\":") else { panic!("it was taken") };
        assert_eq!(broken.0[0].code, "input.json");
    }

    #[test]
    fn what_a_form_needs_and_was_left_empty_is_told_at_its_field() {
        #[derive(Debug, serde::Deserialize)]
        struct Taken {
            #[allow(dead_code)]
            depot_id: kernel::Id,
            #[allow(dead_code)]
            lines: Vec<Line>,
        }
        let depot = "depot_id=00000000-0000-7000-8000-000000000001";
        for (form, code, field) in [
            ("depot_id=&lines.0.part=x&lines.0.count=1".to_string(), "input.required", "depot_id"),
            ("lines.0.part=x&lines.0.count=1".into(), "input.required", "depot_id"),
            ("depot_id=main&lines=".into(), "input.id", "depot_id"),
            (format!("{depot}&lines.0.part=x&lines.0.count="), "input.required", "lines[0].count"),
            (format!("{depot}&lines.0.part=x"), "input.required", "lines[0].count"),
            (format!("{depot}&lines.0.part=x&lines.0.count=ABC"), "input.number", "lines[0].count"),
        ] {
            let Err(Error::Invalid(problems)) = parse_form::<Taken>(form.as_bytes()) else {
                panic!("{form} was taken")
            };
            assert_eq!((problems.0[0].code, problems.0[0].field.as_deref()), (code, Some(field)), "{form}");
        }
    }

    #[test]
    fn a_wrong_value_is_reported_at_its_path() {
        let Err(Error::Invalid(problems)) = parse_form::<Input>(b"name=a&lines.0.part=x&lines.0.count=two")
        else {
            panic!("must be refused")
        };
        assert_eq!(problems.0[0].field.as_deref(), Some("lines[0].count"));
    }

    #[derive(serde::Deserialize, Debug, Default, PartialEq)]
    #[serde(default)]
    struct Row {
        part: String,
        count: Option<i64>,
    }

    #[derive(serde::Deserialize, Debug, Default, PartialEq)]
    #[serde(default)]
    struct Rows {
        rows: Vec<Row>,
        words: Vec<String>,
        deep: Vec<Rows>,
    }

    #[test]
    fn missing_rows_do_not_move_the_others() {
        let row = |part: &str, count| Row { part: part.into(), count };
        let blank = || Row::default();
        let cases: Vec<(&[u8], Vec<Row>)> = vec![
            (b"rows.0.part=a&rows.1.part=b", vec![row("a", None), row("b", None)]),
            (b"rows.0.part=a&rows.2.part=c&rows.2.count=2", vec![row("a", None), blank(), row("c", Some(2))]),
            (b"rows.2.part=c", vec![blank(), blank(), row("c", None)]),
            (b"rows.0.part=&rows.0.count=&rows.1.part=b", vec![blank(), row("b", None)]),
            (b"rows.1.part=b&rows.0.part=a", vec![row("a", None), row("b", None)]),
            (b"rows.01.part=b", vec![blank(), row("b", None)]),
            (b"rows.60000.part=z&rows.0.part=a", vec![row("a", None), row("z", None)]),
        ];
        for (form, expected) in cases {
            let read: Rows = parse_form(form).expect("valid");
            assert_eq!(read.rows, expected, "{}", String::from_utf8_lossy(form));
        }
        let words: Rows = parse_form(b"words.0=a&words.3=d").expect("valid");
        assert_eq!(words.words, ["a", "", "", "d"]);
        let deep: Rows = parse_form(b"deep.1.rows.1.part=x").expect("valid");
        assert_eq!(deep.deep[1].rows, vec![blank(), row("x", None)]);
    }

    #[test]
    fn errors_stand_at_the_row_that_was_typed() {
        let Err(Error::Invalid(problems)) = parse_form::<Rows>(b"rows.0.part=a&rows.2.count=two") else {
            panic!("must be refused")
        };
        assert_eq!(problems.0[0].field.as_deref(), Some("rows[2].count"));
    }

    #[test]
    fn gaps_are_bounded() {
        let many: String = (0..4000).map(|n| format!("a{n}.900.part=x&")).collect();
        let value = nest(form_urlencoded::parse(many.as_bytes()));
        let total: usize =
            value.as_object().expect("a map").values().map(|v| v.as_array().map_or(0, Vec::len)).sum();
        assert!(total < 6000, "{total} rows made of 4000");
    }

    #[test]
    fn garbage_is_an_error_and_not_a_panic() {
        assert!(parse_json::<Input>(b"\xff\xfe{").is_err());
        assert!(parse_form::<Input>(b"%ff%fe=1&a.b.c.d.e.f.g.h=1").is_err());
    }
}
