//! SQL of papers.

use db::{Conn, args};
use kernel::Id;
use kit::Result;

use super::model::PaperRow;

pub async fn select_papers(conn: &mut Conn, model: Id) -> Result<Vec<PaperRow>> {
    let sql = format!(
        "select {} from model_paper p where p.model_id = $1 order by p.title, p.file_id",
        PaperRow::cols("p")
    );
    Ok(conn.all(&sql, args![model]).await?)
}

pub async fn find_paper(conn: &mut Conn, model: Id, file: Id) -> Result<Option<PaperRow>> {
    let sql =
        format!("select {} from model_paper p where p.model_id = $1 and p.file_id = $2", PaperRow::cols("p"));
    Ok(conn.opt(&sql, args![model, file]).await?)
}

pub async fn put_paper(conn: &mut Conn, row: &PaperRow) -> Result<()> {
    conn.exec(
        "insert into model_paper (file_id, model_id, title, published_at, published_by) values ($1,$2,$3,$4,$5)
         on conflict (file_id) do update set title = excluded.title",
        args![row.file_id, row.model_id, &row.title, row.published_at, &row.published_by],
    )
    .await?;
    Ok(())
}

pub async fn delete_paper(conn: &mut Conn, file: Id) -> Result<()> {
    conn.exec("delete from model_paper where file_id = $1", args![file]).await?;
    Ok(())
}
