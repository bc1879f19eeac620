//! The platform's own module: its tables, and the pages and endpoints that belong to no context.

mod audit_log;
mod calendar;
mod explorer;
mod pages;
mod rest;
mod settings;
mod upkeep;

use kernel::T;

use crate::{
    Cx, Result,
    module::{Access, JobKind, Lane, Module, Nav, Routes, Schedule},
    perm::{Perm, Reach, Role},
    settings::{Setting, SettingKind},
    timers, voids,
};

pub(crate) use pages::back_to;
pub(crate) use rest::find_doc;

/// Read the audit log.
pub static AUDIT_READ: Perm = Perm {
    key: "kit.audit.read",
    label: T("查看操作日志", "Read the audit log"),
    grants: &[(Role::Admin, Reach::All), (Role::Auditor, Reach::All)],
};
/// Change parameters.
pub static SETTINGS_WRITE: Perm = Perm {
    key: "kit.setting.write",
    label: T("修改参数", "Change parameters"),
    grants: &[(Role::Admin, Reach::All)],
};
/// See and repeat background work.
pub static JOBS_READ: Perm = Perm {
    key: "kit.job.read",
    label: T("查看后台任务", "See background work"),
    grants: &[(Role::Admin, Reach::All), (Role::Manager, Reach::All)],
};

/// Company name on pages and prints.
pub static COMPANY: Setting = Setting {
    key: "company.name",
    label: T("公司名称", "Company name"),
    unit: T("", ""),
    kind: SettingKind::Text { max: 60 },
    default: "\"\"",
    per_org: false,
};

/// Days that stored answers of idempotency keys are kept: longer than any offline queue lives.
const IDEMPOTENCY_DAYS: i64 = 40;

/// Days that finished jobs are kept for looking back.
const JOB_DAYS: i64 = 7;

/// The platform as a module.
pub fn module() -> Module {
    Module {
        name: "kit",
        migrations: vec![db::Migration {
            context: "kit",
            number: 1,
            name: "platform",
            sql: include_str!("../migrations/0001_platform.sql"),
        }],
        perms: vec![&AUDIT_READ, &SETTINGS_WRITE, &JOBS_READ, &voids::VOID, &crate::lists::EXPORT],
        impersonal: vec![
            ("audit.detail", "erased with the person, see personal::erase_in"),
            ("mail_address.address", "an employee's"),
            ("comment.text", "erased with the person, see personal::erase_in"),
            ("notification.detail", "erased with the person, see personal::erase_in"),
        ],
        settings: [&COMPANY, &timers::CALENDAR]
            .into_iter()
            .chain(crate::Sens::OPTIONAL.iter().filter_map(|kind| kind.switch()))
            .collect(),
        routes: voids::add_routes(crate::sheets::add_routes(routes())),
        jobs: vec![
            crate::sheets::job(),
            JobKind {
                kind: crate::personal::UNLINK,
                lane: Lane::Slow,
                run: |cx, payload| {
                    Box::pin(
                        async move { crate::personal::unlink(cx, serde_json::from_value(payload)?).await },
                    )
                },
            },
            JobKind {
                kind: "kit.mail",
                lane: Lane::Slow,
                run: |cx, payload| {
                    Box::pin(async move { crate::notify::send(cx, serde_json::from_value(payload)?).await })
                },
            },
        ],
        schedules: vec![
            Schedule { name: "kit.tidy", every_secs: 3600, run: |cx| Box::pin(tidy(cx)) },
            Schedule { name: "kit.tidy_live", every_secs: 300, run: |cx| Box::pin(crate::live::tidy(cx)) },
        ],
        nav: nav(),
        ..Module::default()
    }
}

fn nav() -> Vec<Nav> {
    let group = T("设置", "Set-up");
    vec![
        Nav {
            group,
            order: 960,
            icon: "file-import",
            label: T("导入", "Import"),
            href: "/import",
            perm: &SETTINGS_WRITE,
        },
        Nav {
            group,
            order: 970,
            icon: "adjustments",
            label: T("参数", "Parameters"),
            href: "/settings",
            perm: &SETTINGS_WRITE,
        },
        Nav {
            group,
            order: 975,
            icon: "list-details",
            label: T("后台任务", "Background work"),
            href: "/jobs",
            perm: &JOBS_READ,
        },
        Nav {
            group,
            order: 980,
            icon: "history",
            label: T("操作日志", "Audit log"),
            href: "/audit",
            perm: &AUDIT_READ,
        },
    ]
}

fn routes() -> Routes {
    use Access::{Perm, Public, SignedIn};
    Routes::new()
        .page("/", SignedIn, pages::home)
        .page("/assets/{*path}", Public, pages::asset)
        .page("/healthz", Public, pages::healthz)
        .page("/readyz", Public, pages::readyz)
        .page("/metrics", Public, pages::metrics_page)
        .page("/gallery", SignedIn, pages::gallery)
        .page("/api", Public, explorer::api_page)
        .page("/api/try", SignedIn, explorer::try_page)
        .page("/api/openapi.json", Public, rest::openapi)
        .page("/palette", SignedIn, pages::palette)
        .form("/me/hide", SignedIn, pages::hide)
        .page("/live", SignedIn, crate::live::stream)
        .page("/notifications", SignedIn, pages::notifications)
        .form("/notifications/read", SignedIn, pages::notifications_read)
        .page("/files/{id}", SignedIn, pages::file)
        .page("/files/{id}/thumb", SignedIn, pages::thumb)
        .page("/jobs", Perm(&JOBS_READ), upkeep::jobs_page)
        .page("/jobs/{id}", SignedIn, pages::job)
        .form("/jobs/{id}/retry", Perm(&JOBS_READ), upkeep::retry)
        .page("/settings", Perm(&SETTINGS_WRITE), settings::page)
        .page("/settings/{key}", Perm(&SETTINGS_WRITE), settings::one_page)
        .form("/settings/{key}", Perm(&SETTINGS_WRITE), settings::save)
        .form("/settings/values/{id}/withdraw", Perm(&SETTINGS_WRITE), settings::withdraw)
        .page("/calendar", Perm(&SETTINGS_WRITE), calendar::show)
        .form("/calendar", Perm(&SETTINGS_WRITE), calendar::save)
        .page("/audit", Perm(&AUDIT_READ), audit_log::page)
        .page("/audit/{seq}", Perm(&AUDIT_READ), audit_log::entry)
        .page("/timers/{id}/explain", SignedIn, pages::explain)
        .form("/docs/{kind}/{id}/comments", SignedIn, pages::comment)
        .form("/docs/{kind}/{id}/files", SignedIn, pages::upload)
        .api_get::<Vec<crate::search::Hit>, _, _>(
            "/search",
            SignedIn,
            T("搜索全部单据和档案", "Search everything"),
            rest::search,
        )
        .api_get::<Vec<crate::notify::Notification>, _, _>(
            "/notifications",
            SignedIn,
            T("我的通知", "My notifications"),
            rest::notifications,
        )
        .api_get::<rest::Unread, _, _>(
            "/notifications/unread",
            SignedIn,
            T("未读通知数", "How many notifications are unread"),
            rest::unread,
        )
        .api_get::<String, _, _>(
            "/live",
            SignedIn,
            T("实时消息流（text/event-stream）：来电、通知", "Stream of server-sent events: calls, notices"),
            crate::live::stream,
        )
        .api_post::<(), (), _, _>(
            "/notifications/read",
            SignedIn,
            T("全部设为已读", "Mark all as read"),
            rest::notifications_read,
        )
        .api_get::<Vec<crate::jobs::JobRow>, _, _>(
            "/jobs",
            Perm(&JOBS_READ),
            T("未完成的后台任务", "Background work that is not done"),
            upkeep::jobs_api,
        )
        .api_post::<(), crate::jobs::JobState, _, _>(
            "/jobs/{id}/retry",
            Perm(&JOBS_READ),
            T("重试已放弃的任务", "Try work that gave up again"),
            upkeep::retry_api,
        )
        .api_get::<Vec<upkeep::LogRow>, _, _>(
            "/audit",
            Perm(&AUDIT_READ),
            T(
                "操作日志，从新到旧，每次 100 条：?before= 续页；按 doc_id、user_id、who、doc（单据号）、action、from、until（日期）、q 筛选；按 who、action、q 或部分单据号每次只查 50,000 条，从响应头 x-next-before 继续",
                "The audit log, newest first, 100 at a time: ?before= goes on; narrowed by doc_id, user_id, who, doc (its number), action, from and until (days), q; by who, action, q or part of a number 50,000 entries are looked at, and the header x-next-before says where to go on",
            ),
            upkeep::log_api,
        )
        .api_get::<crate::jobs::JobState, _, _>(
            "/jobs/{id}",
            SignedIn,
            T("任务进度", "Progress of a job"),
            rest::job,
        )
        .api_post::<(), crate::jobs::JobState, _, _>(
            "/jobs/{id}/cancel",
            SignedIn,
            T("取消任务", "Cancel a job"),
            rest::job_cancel,
        )
        .api_get::<Vec<rest::SettingOut>, _, _>(
            "/settings",
            Perm(&SETTINGS_WRITE),
            T("全部参数", "All parameters"),
            rest::settings,
        )
        .api_put::<crate::settings::SetSetting, crate::settings::SettingRow, _, _>(
            "/settings",
            Perm(&SETTINGS_WRITE),
            T("设定参数（可指定生效时间）", "Set a parameter, from an instant on"),
            rest::set_setting,
        )
        .api_post::<(), crate::settings::SettingRow, _, _>(
            "/settings/values/{id}/withdraw",
            Perm(&SETTINGS_WRITE),
            T("撤回尚未生效的取值", "Take back a value that has not begun yet"),
            rest::withdraw_setting,
        )
        .api_get::<Vec<crate::audit::HistoryRow>, _, _>(
            "/docs/{kind}/{id}/history",
            SignedIn,
            T("单据的变更记录", "History of a document"),
            rest::history,
        )
        .api_get::<Vec<crate::timers::Timer>, _, _>(
            "/docs/{kind}/{id}/timers",
            SignedIn,
            T("单据的时限", "Clocks of a document"),
            rest::timers,
        )
        .api_get::<rest::Explained, _, _>(
            "/timers/{id}/explain",
            SignedIn,
            T("时限是怎样算出来的", "How a due time was computed"),
            rest::explain,
        )
        .api_get::<Vec<crate::comments::Comment>, _, _>(
            "/docs/{kind}/{id}/comments",
            SignedIn,
            T("单据的备注", "Comments on a document"),
            rest::comments,
        )
        .api_post::<crate::comments::NewComment, crate::comments::Comment, _, _>(
            "/docs/{kind}/{id}/comments",
            SignedIn,
            T("添加备注", "Add a comment"),
            rest::comment,
        )
        .api_get::<Vec<crate::attachments::Attachment>, _, _>(
            "/docs/{kind}/{id}/files",
            SignedIn,
            T("单据的附件", "Files of a document"),
            rest::files,
        )
        .api_put::<Vec<u8>, crate::attachments::Attachment, _, _>(
            "/docs/{kind}/{id}/files/{file}",
            SignedIn,
            T(
                "上传附件：正文是文件内容，?name= 文件名，?label= 用途",
                "Upload a file: the body is its content, ?name= its name, ?label= its use",
            ),
            rest::upload,
        )
}

/// Removes what has served its purpose.
async fn tidy(cx: Cx) -> Result<()> {
    let now = cx.now();
    let ago = |days: i64| kernel::Ts(now.0 - days * 86_400_000_000);
    let mut tx = cx.app.db.begin().await?;
    tx.exec("delete from idempotency where at < $1", db::args![ago(IDEMPOTENCY_DAYS)]).await?;
    tx.exec("delete from job where state = 'done' and finished_at < $1", db::args![ago(JOB_DAYS)]).await?;
    tx.commit().await?;
    Ok(())
}
