//! SQL of the telephone numbers by which documents are found that nobody put to a file.

use db::{Conn, Sql};
use kernel::Id;
use kit::Result;

/// Fewest digits of a telephone number that is one person's: shorter ones are extensions and service numbers.
const LEAST: usize = 7;

/// Telephone numbers of these files and of their contacts: those that no other file has, and those that one has too. By
/// the former a document is theirs; of the latter somebody has to judge.
pub async fn phones(conn: &mut Conn, files: &[Id]) -> Result<(Vec<String>, Vec<String>)> {
    let mut sql = Sql::new(format!(
        "select c.phone_key from customer c where length(c.phone_key) >= {LEAST} and c.id in "
    ));
    sql.list(files.iter().copied());
    sql.push(&format!(
        " union select t.phone_key from customer_contact t where length(t.phone_key) >= {LEAST} and t.customer_id in "
    ));
    sql.list(files.iter().copied());
    let held: Vec<(String,)> = conn.all_sql(sql).await?;
    let held: Vec<String> = held.into_iter().map(|(phone,)| phone).collect();
    if held.is_empty() {
        return Ok((held, Vec::new()));
    }
    let mut sql = Sql::new("select c.phone_key from customer c where c.phone_key in ");
    sql.list(&held).push(" and c.id not in ").list(files.iter().copied());
    sql.push(" union select t.phone_key from customer_contact t where t.phone_key in ");
    sql.list(&held).push(" and t.customer_id not in ").list(files.iter().copied());
    let others: Vec<(String,)> = conn.all_sql(sql).await?;
    Ok(held.into_iter().partition(|phone| others.iter().all(|(other,)| other != phone)))
}
