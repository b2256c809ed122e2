//! Starts a PostgreSQL server for tests, prints its URL, and ends with its standard input: so that many test programs
//! share one server.

fn main() -> std::io::Result<()> {
    let (url, _) = testkit::postgres::fresh_schema();
    println!("{url}");
    std::io::copy(&mut std::io::stdin(), &mut std::io::sink())?;
    Ok(())
}
