//! The matrices and the committee that the seeds name.

use kernel::Ts;

use super::model::{Band, NewScheme, PutCommittee, Signer, Stage};

fn stage(posts: &[&str]) -> Stage {
    Stage { signers: posts.iter().map(|post| signer(post)).collect(), ..Stage::default() }
}

fn signer(post: &str) -> Signer {
    Signer { post: post.into(), role: "manager".into() }
}

fn band(up_to_yuan: Option<i64>, stages: Vec<Stage>) -> Band {
    Band { up_to: up_to_yuan.map(|yuan| yuan * 100), inclusive: true, stages }
}

fn scheme(code: &str, name: &str, name_en: &str, bands: Vec<Band>) -> NewScheme {
    NewScheme {
        code: code.into(),
        name: name.into(),
        name_en: name_en.into(),
        bands,
        effective_from: Some(Ts(0)),
    }
}

/// DOC-05 (N-37), DOC-06 (N-38), DOC-08, PURCH-17 (N-39).
pub fn schemes() -> Vec<NewScheme> {
    let (branch, director, qa) = ("办事处主任", "售服中心主任", "品管部经理");
    let (service, supply, sales) = ("售服副总", "供应副总", "内销副总");
    vec![
        scheme(
            "warranty-parts",
            "三包范围内配件审批",
            "Warranty parts in scope",
            vec![
                band(Some(500), vec![stage(&[director])]),
                band(Some(2000), vec![stage(&[qa])]),
                band(None, vec![stage(&[service, supply])]),
            ],
        ),
        scheme(
            "beyond-guarantee",
            "超三包配件审批",
            "Parts beyond the guarantee",
            vec![
                band(Some(1000), vec![stage(&[director, qa]), stage(&[service])]),
                band(None, vec![stage(&[director, qa]), stage(&[service, sales, supply])]),
            ],
        ),
        // The branch office's director signs before the centre handles it (DOC-08).
        scheme(
            "dealer-parts",
            "经销商三包配件审批",
            "A dealer's warranty parts",
            vec![
                band(Some(500), vec![stage(&[branch]), stage(&[director])]),
                band(Some(2000), vec![stage(&[branch]), stage(&[qa])]),
                band(None, vec![stage(&[branch]), stage(&[service, supply])]),
            ],
        ),
        scheme(
            "dealer-beyond",
            "经销商超三包配件审批",
            "A dealer's parts beyond the guarantee",
            vec![
                band(Some(1000), vec![stage(&[branch]), stage(&[director, qa]), stage(&[service])]),
                band(None, vec![stage(&[branch]), stage(&[director, qa]), stage(&[service, sales, supply])]),
            ],
        ),
        scheme(
            "local-purchase",
            "当地采购审批",
            "Local purchase",
            vec![
                band(Some(500), vec![stage(&[director])]),
                band(None, vec![stage(&[director]), stage(&[service])]),
            ],
        ),
        scheme(
            "working-group",
            "售后服务工作小组会签",
            "Decision of the working group",
            vec![band(None, vec![Stage { committee: "working-group".into(), ..Stage::default() }])],
        ),
        scheme(
            "quote",
            "报价审批",
            "Quotation",
            vec![
                band(Some(1000), vec![stage(&[director])]),
                band(None, vec![stage(&[director]), stage(&[service])]),
            ],
        ),
    ]
}

/// The after-sales working group: five posts (ORG-15, N-60).
pub fn working_group() -> PutCommittee {
    let posts = ["总工程师", "品管部经理", "研发部经理", "供应部经理", "售服中心主任"];
    PutCommittee {
        code: "working-group".into(),
        name: "售后服务工作小组".into(),
        name_en: "After-sales working group".into(),
        posts: posts.iter().map(|post| signer(post)).collect(),
    }
}
