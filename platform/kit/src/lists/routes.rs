//! Every list brings the same routes; the registry mounts them.

use axum::{
    http::HeaderMap,
    routing::{MethodRouter, delete, get, post},
};
use kernel::{Id, T};

use super::{
    page,
    rest::{self, CountOut},
    spec::ListSpec,
    views::{Chosen, NewView, ViewOut},
};
use crate::extract::Path;
use crate::{
    App, Body, Cx,
    module::{Access, Routes, SchemaOf},
};

/// Both languages of a summary that names the list. It lives as long as the program, like the list itself.
fn summary(list: &ListSpec, zh: &str, en: &str) -> T {
    let keep = |text: String| -> &'static str { Box::leak(text.into_boxed_str()) };
    T(keep(format!("{}：{zh}", list.title.0)), keep(format!("{}: {en}", list.title.1)))
}

/// Routes of one list, guarded by its permission.
pub fn routes(list: &ListSpec) -> Routes {
    api(list, pages(list))
}

fn pages(list: &ListSpec) -> Routes {
    let key = list.key;
    let at = |rest: &str| format!("{}{rest}", list.href);
    let access = Access::Perm(list.perm);
    Routes::new()
        .page(&at(""), access, move |cx: Cx, headers: HeaderMap| page::show(cx, headers, key))
        .page(&at("/export"), access, move |cx: Cx| rest::export(cx, key))
        .page(&at("/filter-row"), access, move |cx: Cx| page::filter_row(cx, key))
        .page(&at("/count"), access, move |cx: Cx| page::count(cx, key))
        .page(&at("/counts"), access, move |cx: Cx| page::counts(cx, key))
        .page(&at("/views/new"), access, move |cx: Cx| page::new_view(cx, key))
        .form(&at("/views"), access, move |cx: Cx, Body(input): Body<NewView>| {
            page::save_view(cx, key, input)
        })
        .form(&at("/views/{id}/delete"), access, move |cx: Cx, Path(id): Path<Id>| {
            page::delete_view(cx, key, id)
        })
        .form(&at("/columns"), access, move |cx: Cx, Body(input): Body<Chosen>| {
            page::choose_columns(cx, key, input)
        })
}

fn api(list: &ListSpec, routes: Routes) -> Routes {
    let key = list.key;
    let at = |rest: &str| format!("/api/v1{}{rest}", list.href);
    let access = Access::Perm(list.perm);
    let count: MethodRouter<App> = get(move |cx: Cx| rest::count(cx, key));
    let export = get(move |cx: Cx| rest::export(cx, key));
    let views = get(move |cx: Cx| rest::views(cx, key));
    let save = post(move |cx: Cx, Body(input): Body<NewView>| rest::save_view(cx, key, input));
    let remove = delete(move |cx: Cx, Path(id): Path<Id>| rest::delete_view(cx, key, id));
    let text = |zh, en| summary(list, zh, en);
    routes
        .add(
            "GET",
            &at(""),
            access,
            text("按条件查询", "rows by conditions"),
            None,
            Some(SchemaOf::List(key)),
            get(move |cx: Cx| rest::list(cx, key)),
        )
        .add("GET", &at("/count"), access, text("计数", "count"), None, SchemaOf::of::<CountOut>(), count)
        .add(
            "GET",
            &at("/export"),
            access,
            text("导出（?format=xlsx|csv|json）", "export (?format=xlsx|csv|json)"),
            None,
            None,
            export,
        )
        .add(
            "GET",
            &at("/views"),
            access,
            text("已保存的视图", "saved views"),
            None,
            SchemaOf::of::<Vec<ViewOut>>(),
            views,
        )
        .add(
            "POST",
            &at("/views"),
            access,
            text("保存视图", "save a view"),
            SchemaOf::of::<NewView>(),
            SchemaOf::of::<ViewOut>(),
            save,
        )
        .add(
            "DELETE",
            &at("/views/{id}"),
            access,
            text("删除视图", "delete a view"),
            None,
            SchemaOf::of::<()>(),
            remove,
        )
}
