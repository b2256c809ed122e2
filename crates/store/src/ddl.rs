//! Tables, columns and indexes as the schema says: compared with what the database has, only the difference is run.
//! Nothing is ever dropped but unique indexes that are no longer wanted.

use std::collections::HashSet;

use model::{Field, Kind, Object, Schema};
use sha2::{Digest, Sha256};

use crate::codec::is_never_null;
use crate::cursor::{Order, Part};
use crate::error::Error;
use crate::query::Sort;
use crate::sql::{Dialect, SqlWriter, link_table, native_type};
use crate::tables;
use crate::tx::{Tx, translate};

/// An index that should be there.
struct Index {
    table: String,
    unique: bool,
    /// `("name__key", "id") WHERE "deleted_at" IS NULL`
    body: String,
}

impl Index {
    /// A name that says the table and changes with the definition.
    fn name(&self) -> String {
        let digest = Sha256::new().chain_update(&self.table).chain_update(&self.body).finalize();
        let tag: String = digest.iter().take(5).map(|byte| format!("{byte:02x}")).collect();
        let table: String = self.table.chars().take(36).collect();
        format!("{}{table}__{tag}", if self.unique { "unique__" } else { "index__" })
    }
}

/// What the database has.
struct Present {
    /// `table.column`
    columns: HashSet<(String, String)>,
    indexes: HashSet<String>,
}

impl Tx {
    /// Makes the system tables.
    pub(crate) fn apply_system(&mut self) -> Result<(), Error> {
        let dialect = self.dialect();
        if dialect == Dialect::Postgres {
            self.lock_ddl()?;
        }
        let own = if dialect == Dialect::Postgres { tables::POSTGRES_DDL } else { tables::SQLITE_DDL };
        // The dialect's own come first: shared statements may build on them, never the other way round but for
        // columns added to shared tables, which stand in a list after them.
        for sql in tables::DDL.iter().chain(own).flat_map(|list| list.iter()) {
            let text = translate(dialect, &self.schema, sql, &[])?;
            self.run_ddl(&text)?;
        }
        Ok(())
    }

    /// One node at a time changes tables.
    fn lock_ddl(&mut self) -> Result<(), Error> {
        self.lock_alone("")
    }

    fn run_ddl(&mut self, sql: &str) -> Result<(), Error> {
        self.note_written();
        match &mut self.link {
            crate::tx::Link::Sqlite(connection) => {
                connection.execute_batch(sql).map_err(|error| match crate::sqlite::translate(error) {
                    Error::Database(error) => Error::Database(error.context(sql.to_owned())),
                    other => other,
                })
            }
            crate::tx::Link::Postgres(session) => session.batch(sql),
        }
    }

    /// Whether the object has its table.
    pub fn has_table(&mut self, object: &Object) -> Result<bool, Error> {
        Ok(self.present()?.columns.contains(&(object.table().to_owned(), "id".to_owned())))
    }

    /// Makes what the schema wants and the database lacks. Returns the statements it ran.
    pub fn apply_schema(&mut self, schema: &Schema) -> Result<Vec<String>, Error> {
        if self.is_postgres() {
            self.lock_ddl()?;
        }
        let present = self.present()?;
        let mut statements = Vec::new();
        let mut wanted = HashSet::new();
        for object in schema.objects() {
            self.plan_tables(object, &present, &mut statements);
            for index in self.indexes_of(object)? {
                let name = index.name();
                if !present.indexes.contains(&name) {
                    statements.push(self.create_index(&index));
                }
                wanted.insert(name);
            }
        }
        for name in present.indexes.iter().filter(|name| name.starts_with("unique__") && !wanted.contains(*name)) {
            let mut sql = self.writer();
            sql.push("DROP INDEX ").table(name);
            statements.push(sql.text);
        }
        for statement in &statements {
            self.run_ddl(statement)?;
        }
        Ok(statements)
    }

    fn present(&mut self) -> Result<Present, Error> {
        let (columns, indexes, params) = match self.dialect() {
            Dialect::Sqlite => (
                "SELECT m.name, c.name FROM sqlite_schema m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' \
                 AND m.name NOT LIKE '\\_%' ESCAPE '\\'",
                "SELECT name FROM sqlite_schema WHERE type = 'index'",
                Vec::new(),
            ),
            Dialect::Postgres => (
                "SELECT table_name::text, column_name::text FROM information_schema.columns WHERE table_schema = ?",
                "SELECT indexname::text FROM pg_indexes WHERE schemaname = ?",
                vec![self.schema.to_string().into()],
            ),
        };
        let columns =
            self.query_with(columns, &params, |row| Ok((row.text(0)?.to_owned(), row.text(1)?.to_owned())))?;
        let indexes = self.query_with(indexes, &params, |row| Ok(row.text(0)?.to_owned()))?;
        Ok(Present { columns: columns.into_iter().collect(), indexes: indexes.into_iter().collect() })
    }

    fn plan_tables(&self, object: &Object, present: &Present, statements: &mut Vec<String>) {
        let dialect = self.dialect();
        let table = object.table();
        let define = |sql: &mut SqlWriter, field: &Field, column: &model::Column| {
            sql.ident(&column.name).push(" ").push(native_type(dialect, column));
            if is_never_null(field) {
                sql.push(" NOT NULL DEFAULT 0");
            }
        };
        let columns =
            object.fields.iter().flat_map(|field| field.columns().into_iter().map(move |column| (field, column)));
        if !present.columns.contains(&(table.to_owned(), "id".to_owned())) {
            let mut sql = self.writer();
            sql.push("CREATE TABLE ").table(table).push(" (\"id\" ");
            sql.push(if dialect == Dialect::Postgres { "uuid" } else { "BLOB" }).push(" NOT NULL PRIMARY KEY");
            for (field, column) in columns {
                sql.push(", ");
                define(&mut sql, field, &column);
            }
            sql.push(")");
            statements.push(sql.text);
        } else {
            for (field, column) in columns {
                if !present.columns.contains(&(table.to_owned(), column.name.clone())) {
                    let mut sql = self.writer();
                    sql.push("ALTER TABLE ").table(table).push(" ADD COLUMN ");
                    define(&mut sql, field, &column);
                    statements.push(sql.text);
                }
            }
        }
        for field in &object.fields {
            let Some(link) = link_table(object, field) else {
                continue;
            };
            if !present.columns.contains(&(link.clone(), "record".to_owned())) {
                statements.push(self.create_link_table(&link, field));
            }
        }
    }

    fn create_link_table(&self, table: &str, field: &Field) -> String {
        let id = if self.is_postgres() { "uuid" } else { "BLOB" };
        let mut sql = self.writer();
        sql.push("CREATE TABLE ").table(table);
        sql.push(&format!(" (\"record\" {id} NOT NULL, \"target\" {id} NOT NULL, "));
        if field.kind == Kind::About {
            sql.push("\"target_object\" TEXT NOT NULL, ");
        }
        sql.push("PRIMARY KEY (\"record\", \"target\"))");
        if !self.is_postgres() {
            sql.push(" WITHOUT ROWID");
        }
        sql.text
    }

    fn create_index(&self, index: &Index) -> String {
        let mut sql = self.writer();
        sql.push(if index.unique { "CREATE UNIQUE INDEX IF NOT EXISTS " } else { "CREATE INDEX IF NOT EXISTS " });
        sql.ident(&index.name()).push(" ON ").table(&index.table).push(" ").push(&index.body);
        sql.text
    }

    /// Every index an object needs from the start.
    fn indexes_of(&self, object: &Object) -> Result<Vec<Index>, Error> {
        let table = object.table().to_owned();
        let mut indexes = Vec::new();
        let mut add = |unique, body: String| indexes.push(Index { table: table.clone(), unique, body });
        for field in object.ordered_by() {
            let order = Order::new(object, &[Sort { field: field.to_owned(), descending: false }]);
            if let Ok(order) = order {
                add(false, self.index_body(&[], &order));
            }
        }
        for column in object.counted_by.iter().map(|name| quoted(name)) {
            add(false, format!("({column}, \"deleted_at\") WHERE \"deleted_at\" IS NULL"));
        }
        add(false, "(\"deleted_at\", \"id\") WHERE \"deleted_at\" IS NOT NULL".to_owned());
        for field in &object.fields {
            let column = quoted(&field.name);
            if matches!(field.kind, Kind::Reference | Kind::User) {
                add(false, format!("({column}) WHERE {column} IS NOT NULL"));
            }
            if field.unique && !matches!(field.value_kind(), Kind::Address) {
                let key = quoted(&if field.has_key() { format!("{}__key", field.name) } else { field.name.clone() });
                add(true, format!("({key}) WHERE \"deleted_at\" IS NULL AND {key} IS NOT NULL"));
            }
        }
        for link in object.fields.iter().filter_map(|field| link_table(object, field)) {
            indexes.push(Index { table: link, unique: false, body: "(\"target\", \"record\")".to_owned() });
        }
        Ok(indexes)
    }

    /// Columns compared for equality, then the order, over live records.
    fn index_body(&self, equal: &[String], order: &Order) -> String {
        let mut sql = self.writer();
        sql.push("(");
        for column in equal {
            sql.ident(column).push(", ");
        }
        let part = if order.first_part() == Part::All { Part::All } else { Part::Present };
        order.push_terms(&mut sql, "", part, false);
        // SQLite looks the condition's column up unless it is in the index: a jump over ids alone would read every row.
        sql.push(if self.is_postgres() { "" } else { ", \"deleted_at\"" });
        sql.push(") WHERE \"deleted_at\" IS NULL");
        sql.text
    }

    /// Makes the index that a saved view needs.
    pub(crate) fn ensure_index(
        &mut self,
        object: &Object,
        filter_fields: &[String],
        sort: &[Sort],
    ) -> Result<Vec<String>, Error> {
        let order = Order::new(object, sort)?;
        let mut equal: Vec<String> = Vec::new();
        for field in filter_fields.iter().filter_map(|name| object.find_field(name)) {
            let column = field.sort_column();
            let sorted = order.terms.iter().any(|term| term.column == column);
            if Order::new(object, &[Sort { field: field.name.clone(), descending: false }]).is_ok()
                && !sorted
                && !equal.contains(&column)
            {
                equal.push(column);
            }
        }
        let index = Index { table: object.table().to_owned(), unique: false, body: self.index_body(&equal, &order) };
        if self.present()?.indexes.contains(&index.name()) {
            return Ok(Vec::new());
        }
        let statement = self.create_index(&index);
        self.run_ddl(&statement)?;
        Ok(vec![statement])
    }

    /// Renames the columns of a field.
    pub(crate) fn rename_field(&mut self, object: &Object, from: &str, to: &str) -> Result<Vec<String>, Error> {
        let present = self.present()?;
        let Some(field) = object.find_field(from).or_else(|| object.find_field(to)) else {
            return Ok(Vec::new());
        };
        let before = Field { name: from.to_owned(), ..field.clone() };
        let after = Field { name: to.to_owned(), ..field.clone() };
        let mut statements = Vec::new();
        for (old, new) in before.columns().iter().zip(after.columns()) {
            if present.columns.contains(&(object.table().to_owned(), old.name.clone())) {
                let mut sql = self.writer();
                sql.push("ALTER TABLE ").table(object.table()).push(" RENAME COLUMN ").ident(&old.name);
                sql.push(" TO ").ident(&new.name);
                statements.push(sql.text);
            }
        }
        if let (Some(old), Some(new)) = (link_table(object, &before), link_table(object, &after))
            && present.columns.contains(&(old.clone(), "record".to_owned()))
        {
            let mut sql = self.writer();
            sql.push("ALTER TABLE ").table(&old).push(" RENAME TO ").ident(&new);
            statements.push(sql.text);
        }
        for statement in &statements {
            self.run_ddl(statement)?;
        }
        Ok(statements)
    }
}

fn quoted(name: &str) -> String {
    let mut text = String::new();
    crate::sql::quote_into(&mut text, name);
    text
}
