//! Answers of pages: full page or fragment, forms with errors at their fields, redirects, toasts.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use db::args;
use kernel::{Id, Problems, T};
use maud::Markup;
use ui::{NavGroup, NavItem, Shell, Tone, UserChip};

use crate::{Cx, Error, Result};

/// The path under which the navigation highlights itself: `/orders/…` belongs to `/orders`.
fn belongs(uri: &str, href: &str) -> bool {
    let path = uri.split('?').next().unwrap_or(uri);
    path == href || (href != "/" && path.strip_prefix(href).is_some_and(|rest| rest.starts_with('/')))
}

impl Cx {
    /// Navigation entries this caller may use.
    pub fn nav(&self) -> Vec<NavGroup> {
        let mut groups: Vec<NavGroup> = Vec::new();
        for nav in self.app.registry.nav.iter().filter(|nav| self.can(nav.perm)) {
            let title = (!nav.group.0.is_empty()).then_some(nav.group);
            let item = NavItem {
                icon: nav.icon,
                label: nav.label,
                href: nav.href.to_string(),
                count: None,
                hot: false,
                current: belongs(&self.req.uri, nav.href),
            };
            match groups.iter_mut().find(|group| group.title == title) {
                Some(group) => group.items.push(item),
                None => groups.push(NavGroup { title, items: vec![item] }),
            }
        }
        groups
    }

    /// Notifications not seen yet.
    pub(crate) async fn unread(&self) -> i64 {
        let Some(actor) = &self.actor else { return 0 };
        let Ok(mut conn) = self.app.db.read().await else { return 0 };
        conn.scalar(
            "select count(*) from notification where user_id = $1 and read_at is null",
            args![actor.user],
        )
        .await
        .unwrap_or(0)
    }

    fn html(markup: Markup, status: StatusCode) -> Response {
        let mut response = (status, markup.into_string()).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
        headers.insert(header::VARY, HeaderValue::from_static("HX-Request, HX-Request-Type, Cookie"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }

    fn user_chip(&self) -> Option<UserChip> {
        self.actor.as_ref().map(|actor| UserChip {
            id: actor.user.to_string(),
            name: actor.title(),
            org: actor.org_name.clone(),
        })
    }

    /// A page of the office; only its main part when htmx asks for a fragment.
    pub async fn page(&self, title: &str, main: Markup) -> Result<Response> {
        self.page_with(title, main, StatusCode::OK, &[], false).await
    }

    /// Like [`Cx::page`] with a status, page scripts, and without the sheet behind it (`plain`).
    pub async fn page_with(
        &self,
        title: &str,
        main: Markup,
        status: StatusCode,
        scripts: &[&str],
        plain: bool,
    ) -> Result<Response> {
        if self.req.partial {
            return Ok(Self::html(main, status));
        }
        let nav = self.nav();
        let tabs = self.app.registry.tabs.map(|tabs| tabs(self)).unwrap_or_default();
        let shell = Shell {
            theme: self.req.theme.as_deref(),
            nav: &nav,
            tabs: &tabs,
            user: self.user_chip(),
            unread: self.unread().await,
            hidden: self.req.hidden,
            scripts,
            plain,
            ..Shell::new(self.lang, &self.app.config.company, title)
        };
        Ok(Self::html(ui::page(&shell, main), status))
    }

    /// A page without navigation: sign-in, public pages, errors.
    pub fn bare(&self, title: &str, main: Markup, status: StatusCode) -> Response {
        let shell = Shell {
            theme: self.req.theme.as_deref(),
            ..Shell::new(self.lang, &self.app.config.company, title)
        };
        Self::html(ui::bare_page(&shell, main), status)
    }

    /// A page of the engineer's phone.
    pub async fn phone(&self, title: &str, phone: &ui::Phone<'_>, main: Markup) -> Result<Response> {
        if self.req.partial {
            return Ok(Self::html(main, StatusCode::OK));
        }
        let shell = Shell {
            theme: self.req.theme.as_deref(),
            user: self.user_chip(),
            unread: self.unread().await,
            hidden: self.req.hidden,
            ..Shell::new(self.lang, &self.app.config.company, title)
        };
        Ok(Self::html(ui::phone_page(&shell, phone, main), StatusCode::OK))
    }

    /// A sheet to print; `back` leads to where it came from.
    pub fn sheet(&self, title: &str, back: &str, main: Markup) -> Response {
        let shell = Shell {
            theme: self.req.theme.as_deref(),
            ..Shell::new(self.lang, &self.app.config.company, title)
        };
        Self::html(ui::print_page(&shell, back, main), StatusCode::OK)
    }

    /// A fragment.
    pub fn fragment(&self, markup: Markup) -> Response {
        Self::html(markup, StatusCode::OK)
    }

    /// A fragment with a form that was refused: 422, errors stand at their fields.
    pub fn refused(&self, markup: Markup) -> Response {
        Self::html(markup, StatusCode::UNPROCESSABLE_ENTITY)
    }

    /// After a successful post: htmx and plain forms both go to `to`.
    pub fn redirect(&self, to: &str) -> Response {
        let value = HeaderValue::from_str(to).unwrap_or_else(|_| HeaderValue::from_static("/"));
        if self.req.partial {
            let mut response = StatusCode::NO_CONTENT.into_response();
            response.headers_mut().insert("HX-Redirect", value);
            return response;
        }
        let mut response = StatusCode::SEE_OTHER.into_response();
        response.headers_mut().insert(header::LOCATION, value);
        response
    }

    /// A toast beside a fragment.
    pub fn toast(&self, tone: Tone, title: T, detail: &str) -> Markup {
        ui::toast(self.lang, tone, title.get(self.lang), detail, None)
    }

    /// Splits a result into success and broken rules, so that a page can show its form again; other errors
    /// pass through.
    pub fn form<V>(&self, result: Result<V>) -> Result<Result<V, FormErrors>> {
        match result {
            Ok(value) => Ok(Ok(value)),
            Err(Error::Invalid(problems)) => Ok(Err(FormErrors::new(&problems, self.lang))),
            Err(Error::Conflict(rule)) => Ok(Err(FormErrors::new(&Problems::from(rule), self.lang))),
            Err(other) => Err(other),
        }
    }

    /// A fresh key for a form's hidden `idem` field.
    pub fn form_key(&self) -> Id {
        self.id()
    }
}

/// Messages for a form, by field.
#[derive(Clone, Debug, Default)]
pub struct FormErrors(pub Vec<(String, String)>);

impl FormErrors {
    /// Messages in one language; problems without a field stand under the empty name.
    pub fn new(problems: &Problems, lang: kernel::Lang) -> Self {
        Self(problems.0.iter().map(|p| (p.field.clone().unwrap_or_default(), p.message(lang))).collect())
    }

    /// The message of a field.
    pub fn of(&self, field: &str) -> Option<String> {
        self.0.iter().find(|(name, _)| name == field).map(|(_, message)| message.clone())
    }

    /// True when nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The summary on top of a form.
    pub fn summary(&self, lang: kernel::Lang) -> Markup {
        let items: Vec<(&str, String)> =
            self.0.iter().map(|(field, message)| (field.as_str(), message.clone())).collect();
        ui::error_summary(lang, &items)
    }
}
