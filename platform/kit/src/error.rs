//! One error type for both front doors: RFC 9457 JSON for the API, toast or page for people.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use kernel::{Lang, Problems, RuleError, T};
use serde::Serialize;

/// Result of a service.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Everything a request can fail with.
#[derive(Debug)]
pub enum Error {
    /// 401: nobody is signed in.
    SignIn,
    /// 403: the permission is missing.
    Forbidden(&'static str),
    /// 404: not there, or not the caller's business.
    NotFound,
    /// 405: the address is there, but not for this method.
    Method,
    /// 422: the input breaks rules; each problem names its field where it has one.
    Invalid(Problems),
    /// 409: somebody else was faster, or the document is in another state.
    Conflict(RuleError),
    /// 412: the document is not in the version that `If-Match` named.
    Precondition,
    /// 413: the body is larger than allowed.
    TooLarge,
    /// 429: too many attempts; seconds to wait.
    TooMany(u64),
    /// The command's idempotency key was stored by another request while this one ran.
    Duplicate,
    /// 503: locked or deadlocked; the request is run again by itself before anyone sees this.
    Busy(String),
    /// 500: a bug or a broken machine. The text goes to the log, not to the caller.
    Internal(String),
}

impl Error {
    /// HTTP status.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::SignIn => StatusCode::UNAUTHORIZED,
            Self::Forbidden(_) => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Conflict(_) | Self::Duplicate => StatusCode::CONFLICT,
            Self::Precondition => StatusCode::PRECONDITION_FAILED,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Busy(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// Short machine code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::SignIn => "auth.sign_in",
            Self::Forbidden(_) => "auth.forbidden",
            Self::NotFound => "not_found",
            Self::Method => "method",
            Self::Invalid(problems) => problems.0.first().map_or("invalid", |p| p.code),
            Self::Conflict(rule) => rule.code,
            Self::Precondition => "stale",
            Self::TooLarge => "too_large",
            Self::TooMany(_) => "too_many",
            Self::Duplicate => "idempotency.duplicate",
            Self::Busy(_) => "busy",
            Self::Internal(_) => "internal",
        }
    }

    /// What a person reads: what happened and what to do.
    pub fn message(&self, lang: Lang) -> String {
        match self {
            Self::SignIn => T("请先登录", "Please sign in").get(lang).into(),
            Self::Forbidden(_) => T(
                "没有权限做这项操作，需要时请联系管理员",
                "You may not do this. Ask an administrator if you need to",
            )
            .get(lang)
            .into(),
            Self::NotFound => {
                T("没有找到，可能已被移走", "Not found; it may have been moved").get(lang).into()
            }
            Self::Method => {
                T("这个地址不支持该请求方法", "This address does not take that method").get(lang).into()
            }
            Self::Invalid(problems) => {
                problems.0.iter().map(|p| p.message(lang)).collect::<Vec<_>>().join(match lang {
                    Lang::Zh => "；",
                    Lang::En => "; ",
                })
            }
            Self::Conflict(rule) => rule.message(lang),
            Self::TooLarge => T("内容太大", "The content is too large").get(lang).into(),
            Self::TooMany(wait) => {
                T("尝试过多，请 {wait} 秒后再试", "Too many attempts; try again in {wait} s")
                    .fill(lang, &[("wait", wait.to_string())])
            }
            Self::Precondition => Self::stale().message(lang),
            Self::Duplicate => T("这项操作正在进行", "This is already being done").get(lang).into(),
            Self::Busy(_) => {
                T("系统正忙，请再试一次", "The system is busy; please try again").get(lang).into()
            }
            Self::Internal(_) => T(
                "系统出错，内容没有保存；错误已记录",
                "Something broke and nothing was saved; the error was logged",
            )
            .get(lang)
            .into(),
        }
    }

    /// A single broken rule.
    pub fn rule(error: RuleError) -> Self {
        Self::Invalid(Problems::from(error))
    }

    /// 409: the document was changed since the caller read it.
    pub fn stale() -> Self {
        Self::Conflict(RuleError::new(
            "stale",
            T(
                "没有保存：内容刚被别人改过，请刷新后再改",
                "Not saved: somebody just changed this; reload and try again",
            ),
        ))
    }

    /// The RFC 9457 body.
    pub fn problem(&self, lang: Lang) -> ProblemJson {
        let errors = match self {
            Self::Invalid(problems) => problems
                .0
                .iter()
                .map(|p| FieldProblem { field: p.field.clone(), code: p.code, message: p.message(lang) })
                .collect(),
            Self::Conflict(rule) if rule.field.is_some() => {
                vec![FieldProblem { field: rule.field.clone(), code: rule.code, message: rule.message(lang) }]
            }
            _ => Vec::new(),
        };
        ProblemJson {
            kind: format!("urn:aftercare:error:{}", self.code()),
            title: self.message(lang),
            status: self.status().as_u16(),
            code: self.code(),
            errors,
        }
    }
}

/// `application/problem+json`.
#[derive(Serialize, schemars::JsonSchema)]
pub struct ProblemJson {
    /// URN of the error code.
    #[serde(rename = "type")]
    pub kind: String,
    /// Message in the caller's language.
    pub title: String,
    /// HTTP status.
    pub status: u16,
    /// Machine code.
    pub code: &'static str,
    /// Per field.
    pub errors: Vec<FieldProblem>,
}

/// One field's problem.
#[derive(Serialize, schemars::JsonSchema)]
pub struct FieldProblem {
    /// Input field, when the problem is one field's.
    pub field: Option<String>,
    /// Machine code.
    pub code: &'static str,
    /// Message in the caller's language.
    pub message: String,
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Internal(text) | Self::Busy(text) => write!(f, "{}: {text}", self.code()),
            other => write!(f, "{}: {}", other.code(), other.message(Lang::En)),
        }
    }
}

impl std::error::Error for Error {}

impl From<db::Error> for Error {
    fn from(error: db::Error) -> Self {
        match error {
            db::Error::NotFound => Self::NotFound,
            db::Error::Busy(text) => Self::Busy(text),
            db::Error::Missed(what) if what == crate::tx::DONE_BEFORE => Self::Duplicate,
            db::Error::Missed(_) => Self::stale(),
            db::Error::Unique(text) => Self::Conflict(
                RuleError::new(
                    "duplicate",
                    T("已有相同的记录（{what}）", "The same record exists already ({what})"),
                )
                .arg("what", text),
            ),
            other => Self::Internal(other.to_string()),
        }
    }
}

impl From<RuleError> for Error {
    fn from(error: RuleError) -> Self {
        Self::rule(error)
    }
}

impl From<Problems> for Error {
    fn from(problems: Problems) -> Self {
        Self::Invalid(problems)
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Self::Internal(format!("JSON: {error}"))
    }
}

/// The response carries the error itself; the outermost layer renders it for the front door it came through.
impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(std::sync::Arc::new(self));
        response
    }
}
