//! Lists that are made while the product runs, such as those of documents that a company defines itself (DOC-01).
//!
//! They have the same pages, exports, views and API as lists of modules; only their description comes from a function
//! that is asked at every request.

use std::{
    collections::HashMap,
    sync::{LazyLock, RwLock},
};

use axum::{http::HeaderMap, routing::get};
use futures::future::BoxFuture;
use kernel::{Id, T};
use serde_json::Value;

use super::{
    page, rest,
    rest::CountOut,
    spec::ListSpec,
    views::{Chosen, NewView, ViewOut},
};
use crate::extract::Path;
use crate::{
    Body, Cx, Result,
    module::{Access, Routes, SchemaOf},
    perm::Perm,
};

/// Published lists and the fingerprint of what each was made from.
static PUBLISHED: LazyLock<RwLock<HashMap<&'static str, (u64, &'static ListSpec)>>> =
    LazyLock::new(RwLock::default);

/// The key of the list that a request is about; 404 when there is none.
pub type Resolve = fn(Cx, String) -> BoxFuture<'static, Result<&'static str>>;

/// Makes a list known under its key. A description lives as long as the program, like those of modules, so it is made
/// only when `print`, a fingerprint of what it is made from, is new.
pub fn publish(key: &str, print: u64, make: impl FnOnce() -> ListSpec) -> &'static str {
    if let Some((known, list)) = PUBLISHED.read().ok().and_then(|map| map.get(key).copied())
        && known == print
    {
        return list.key;
    }
    let list: &'static ListSpec = Box::leak(Box::new(make()));
    if let Ok(mut map) = PUBLISHED.write() {
        map.insert(list.key, (print, list));
    }
    list.key
}

/// The published list called `key`.
pub(super) fn find(key: &str) -> Option<&'static ListSpec> {
    PUBLISHED.read().ok()?.get(key).map(|(_, list)| *list)
}

/// Keeps a text for as long as the program runs, for the description of a published list.
pub fn keep(text: impl Into<String>) -> &'static str {
    Box::leak(text.into().into_boxed_str())
}

/// Pages and API of a family of lists: `href` ends with one placeholder, which `resolve` turns into a key.
pub fn dynamic_routes(href: &str, perm: &'static Perm, resolve: Resolve) -> Routes {
    let at = |rest: &str| format!("{href}{rest}");
    let access = Access::Perm(perm);
    let routes = Routes::new()
        .page(&at(""), access, move |cx: Cx, Path(which): Path<String>, headers: HeaderMap| async move {
            let key = resolve(cx.clone(), which).await?;
            page::show(cx, headers, key).await
        })
        .page(&at("/export"), access, move |cx: Cx, Path(which): Path<String>| async move {
            let key = resolve(cx.clone(), which).await?;
            rest::export(cx, key).await
        })
        .page(&at("/filter-row"), access, move |cx: Cx, Path(which): Path<String>| async move {
            let key = resolve(cx.clone(), which).await?;
            page::filter_row(cx, key).await
        })
        .page(&at("/count"), access, move |cx: Cx, Path(which): Path<String>| async move {
            let key = resolve(cx.clone(), which).await?;
            page::count(cx, key).await
        })
        .page(&at("/counts"), access, move |cx: Cx, Path(which): Path<String>| async move {
            let key = resolve(cx.clone(), which).await?;
            page::counts(cx, key).await
        })
        .page(&at("/views/new"), access, move |cx: Cx, Path(which): Path<String>| async move {
            let key = resolve(cx.clone(), which).await?;
            page::new_view(cx, key).await
        });
    let routes = routes
        .form(
            &at("/views"),
            access,
            move |cx: Cx, Path(which): Path<String>, Body(input): Body<NewView>| async move {
                let key = resolve(cx.clone(), which).await?;
                page::save_view(cx, key, input).await
            },
        )
        .form(
            &at("/views/{id}/delete"),
            access,
            move |cx: Cx, Path((which, id)): Path<(String, Id)>| async move {
                let key = resolve(cx.clone(), which).await?;
                page::delete_view(cx, key, id).await
            },
        )
        .form(
            &at("/columns"),
            access,
            move |cx: Cx, Path(which): Path<String>, Body(input): Body<Chosen>| async move {
                let key = resolve(cx.clone(), which).await?;
                page::choose_columns(cx, key, input).await
            },
        );
    api(href, access, resolve, routes)
}

fn api(href: &str, access: Access, resolve: Resolve, routes: Routes) -> Routes {
    let export = move |cx: Cx, Path(which): Path<String>| async move {
        let key = resolve(cx.clone(), which).await?;
        rest::export(cx, key).await
    };
    routes
        .api_get::<Value, _, _>(
            href,
            access,
            T("按条件查询（与其他列表相同）", "Rows by conditions, as of every list"),
            move |cx: Cx, Path(which): Path<String>| async move {
                let key = resolve(cx.clone(), which).await?;
                rest::list(cx, key).await
            },
        )
        .api_get::<CountOut, _, _>(
            &format!("{href}/count"),
            access,
            T("计数", "Count"),
            move |cx: Cx, Path(which): Path<String>| async move {
                let key = resolve(cx.clone(), which).await?;
                rest::count(cx, key).await
            },
        )
        .add(
            "GET",
            &format!("/api/v1{href}/export"),
            access,
            T("导出（?format=xlsx|csv|json）", "Export (?format=xlsx|csv|json)"),
            None,
            None::<SchemaOf>,
            get(export),
        )
        .api_get::<Vec<ViewOut>, _, _>(
            &format!("{href}/views"),
            access,
            T("已保存的视图", "Saved views"),
            move |cx: Cx, Path(which): Path<String>| async move {
                let key = resolve(cx.clone(), which).await?;
                rest::views(cx, key).await
            },
        )
        .api_post::<NewView, ViewOut, _, _>(
            &format!("{href}/views"),
            access,
            T("保存视图", "Save a view"),
            move |cx: Cx, Path(which): Path<String>, Body(input): Body<NewView>| async move {
                let key = resolve(cx.clone(), which).await?;
                rest::save_view(cx, key, input).await
            },
        )
        .api_delete::<(), _, _>(
            &format!("{href}/views/{{id}}"),
            access,
            T("删除视图", "Delete a view"),
            move |cx: Cx, Path((which, id)): Path<(String, Id)>| async move {
                let key = resolve(cx.clone(), which).await?;
                rest::delete_view(cx, key, id).await
            },
        )
}
