//! The command line. Its help needs no manual.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Rapport, a complete CRM in one program.
///
/// `rapport serve` starts it; open the address that it prints. Everything else is for administrators and scripts.
#[derive(Parser)]
#[command(name = "rapport", version, max_term_width = 100, propagate_version = true)]
pub struct Cli {
    /// Folder with the database and the files.
    #[arg(long, global = true, env = "RAPPORT_DATA", value_name = "DIR")]
    pub data: Option<PathBuf>,

    /// Folder with the keys that sign the audit log and seal secrets; DIR/keys when left out.
    #[arg(long, global = true, env = "RAPPORT_KEYS", value_name = "KEYS")]
    pub keys: Option<PathBuf>,

    /// A PostgreSQL database instead of SQLite: postgres://user:password@host/database?schema=name.
    #[arg(long, global = true, env = "RAPPORT_DATABASE_URL", value_name = "URL", hide_env_values = true)]
    pub database_url: Option<String>,

    /// A TOML file with the same names as the flags: data, database_url, listen, public_url …
    #[arg(long, global = true, env = "RAPPORT_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// Answer in JSON, for scripts.
    #[arg(long, global = true)]
    pub json: bool,

    /// What is logged: error, warn, info, debug, or module=level,…
    #[arg(long, global = true, env = "RAPPORT_LOG", value_name = "FILTER")]
    pub log: Option<String>,

    /// Log lines as JSON.
    #[arg(long, global = true, env = "RAPPORT_LOG_JSON")]
    pub log_json: bool,

    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Subcommand)]
pub enum Command {
    /// Start the server.
    Serve(Serve),
    /// Fill an empty workspace with a believable company.
    Demo(Demo),
    /// Import a CSV, XLSX or vCard file.
    ///
    /// Columns are mapped by name and content, as the import page proposes. One undo takes everything back.
    Import(Import),
    /// Export records to a file or to standard output.
    Export(Export),
    /// Exchange rates.
    #[command(subcommand)]
    Rates(Rates),
    /// Undo a batch: an edit, a bulk edit, an import, a merge, or an undo.
    Undo {
        /// The batch, as every write answers it.
        batch: uuid::Uuid,
    },
    /// Write a consistent copy of the database and the files, also while the server runs.
    Backup {
        /// The folder to make.
        to: PathBuf,
        /// Leave the keys out: whoever holds the copy cannot read sealed secrets. Keep them elsewhere.
        #[arg(long)]
        without_keys: bool,
    },
    /// Bring a backup into an empty place and check it against its checksums.
    Restore {
        /// The folder of the backup.
        from: PathBuf,
    },
    /// Prove that nothing is lost or bent: history, figures, references, search, the database itself.
    Verify,
    /// Print the OpenAPI 3.1 document of this workspace.
    Openapi,
    /// The audit log: who did what, in a chain that shows tampering.
    #[command(subcommand)]
    Audit(Audit),
    /// The configuration as TOML files: objects and fields of your own, roles, views shared with everyone.
    ///
    /// Keep the folder under version control, and move a configuration to another installation with it.
    #[command(subcommand)]
    Schema(Schema),
    /// People who log in.
    #[command(subcommand)]
    User(User),
    /// Keys for programs.
    #[command(subcommand)]
    Key(Key),
    /// Measure this build on this machine, as ratios against the bare driver.
    Bench(Bench),
    /// Bring the tables to what this version needs. `serve` does the same when it starts.
    Upgrade,
    /// Read the text of the file on standard input: the server starts this for each file, apart from itself.
    #[command(hide = true)]
    ExtractText,
}

/// Exchange rates.
#[derive(Subcommand)]
pub enum Rates {
    /// Take in a file of the European Central Bank: eurofxref-daily.xml, eurofxref-hist.xml, .csv or .zip.
    ///
    /// What is known already stays as it is. Amounts in other currencies follow when the server runs.
    Import {
        /// The file.
        file: PathBuf,
    },
}

/// Start the server.
#[derive(Args)]
pub struct Serve {
    /// Where to listen.
    #[arg(long, env = "RAPPORT_LISTEN", value_name = "ADDRESS:PORT")]
    pub listen: Option<String>,
    /// The address people use, for links in invitations; https binds cookies to TLS.
    #[arg(long, env = "RAPPORT_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<String>,
    /// Proxies whose X-Forwarded headers count, such as 10.0.0.0/8. Repeatable.
    #[arg(long, env = "RAPPORT_TRUSTED_PROXIES", value_delimiter = ',', value_name = "CIDR")]
    pub trusted_proxy: Vec<String>,
    /// Networks of your own in which browsers' push services may be, such as 10.1.0.0/16. Repeatable; without it
    /// notifications go to the public internet alone.
    #[arg(long, env = "RAPPORT_PUSH_NETWORKS", value_delimiter = ',', value_name = "CIDR")]
    pub push_network: Vec<String>,
    /// Requests per minute and API key; 0 for no limit.
    #[arg(long, env = "RAPPORT_RATE_PER_MINUTE", value_name = "N")]
    pub rate_per_minute: Option<u32>,
    /// Fill an empty workspace with the demo company first.
    #[arg(long)]
    pub demo: bool,
}

/// Fill an empty workspace with a believable company.
#[derive(Args)]
pub struct Demo {
    /// How many people.
    #[arg(long, default_value_t = 2_000)]
    pub people: usize,
    /// The same seed gives the same company.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
}

/// Import a file.
#[derive(Args)]
pub struct Import {
    /// What its rows are: people, companies, tasks, or an object of your own.
    pub object: String,
    /// The file.
    pub file: PathBuf,
    /// Say what would happen and change nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// What to do with rows whose record is already there.
    #[arg(long, value_enum, default_value_t = OnMatch::Update)]
    pub on_match: OnMatch,
    /// Write the rows that failed, with the reason beside each, to this CSV file.
    #[arg(long, value_name = "FILE")]
    pub errors: Option<PathBuf>,
}

/// What to do with rows whose record is already there.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum OnMatch {
    /// Take the file's values.
    Update,
    /// Take the file's values where the record has none.
    Fill,
    /// Leave the record as it is.
    Skip,
    /// Make a second record.
    Create,
}

/// Export records.
#[derive(Args)]
pub struct Export {
    /// What: people, companies, tasks, or an object of your own.
    pub object: String,
    /// The form.
    #[arg(long, value_enum, default_value_t = Format::Csv)]
    pub format: Format,
    /// Only records for which this CEL condition holds.
    #[arg(long, value_name = "CEL")]
    pub filter: Option<String>,
    /// Order: -created_at,name
    #[arg(long)]
    pub sort: Option<String>,
    /// Fields, separated by commas; all when left out.
    #[arg(long, value_delimiter = ',')]
    pub fields: Vec<String>,
    /// The file to write; standard output when left out.
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// Forms of an export.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Comma-separated values, safe to open in a spreadsheet.
    Csv,
    /// A spreadsheet.
    Xlsx,
    /// vCard 4.0.
    Vcf,
    /// One JSON object per line.
    Jsonl,
}

/// The audit log.
#[derive(Subcommand)]
pub enum Audit {
    /// Prove that no entry was changed, removed or put in. Ends with 1 and names the first wrong entry otherwise.
    Verify,
    /// List entries, newest first.
    List {
        /// Only this kind: login, or login.refused.
        #[arg(long)]
        kind: Option<String>,
        /// Only what this one did: user:<id>, api_key:<id>.
        #[arg(long)]
        actor: Option<String>,
        /// Only entries before this one.
        #[arg(long)]
        before: Option<i64>,
        /// At most so many.
        #[arg(long, default_value_t = 50)]
        limit: usize,
    },
}

/// The configuration as files.
#[derive(Subcommand)]
pub enum Schema {
    /// Write the configuration into a folder.
    Export {
        /// The folder, made when it is missing.
        to: PathBuf,
    },
    /// Say what applying a folder would do, and change nothing.
    Plan {
        /// The folder.
        from: PathBuf,
    },
    /// Make the workspace what a folder says, in one batch that undo takes back.
    Apply {
        /// The folder.
        from: PathBuf,
        /// Also remove what is in no file.
        #[arg(long)]
        prune: bool,
    },
}

/// People who log in.
#[derive(Subcommand)]
pub enum User {
    /// Add a person.
    Add {
        /// E-mail address: the log-in name.
        #[arg(long)]
        email: String,
        /// Full name; the address when left out.
        #[arg(long)]
        name: Option<String>,
        /// Role by name: admin, or one of your own.
        #[arg(long)]
        role: String,
        /// Read the password from standard input instead of asking for it.
        #[arg(long)]
        password_stdin: bool,
    },
    /// Remove the second factor of a person who lost it; the next log-in needs the password alone, or a new set-up.
    RemoveSecondFactor {
        /// E-mail address: the log-in name.
        #[arg(long)]
        email: String,
    },
    /// List people.
    List,
}

/// Keys for programs.
#[derive(Subcommand)]
pub enum Key {
    /// Add a key and print it; it is not shown again.
    Add {
        /// Role by name: admin, or one of your own.
        #[arg(long)]
        role: String,
        /// What the key is for.
        #[arg(long, default_value = "command line")]
        name: String,
    },
    /// List keys.
    List,
}

/// Measure this build.
#[derive(Args)]
pub struct Bench {
    /// Size of the large workspace.
    #[arg(long, default_value_t = 1_000_000)]
    pub people: usize,
    /// Folder with CSV files of people whose duplicates are known, in the columns of the Febrl sets.
    #[arg(long, value_name = "DIR")]
    pub labelled: Option<PathBuf>,
    /// Only measurements whose name contains this.
    #[arg(long, value_name = "TEXT")]
    pub only: Option<String>,
}
