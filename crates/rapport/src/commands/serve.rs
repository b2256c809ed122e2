//! `serve`: the server, until it is asked to stop.

use std::process::ExitCode;

use anyhow::{Context as _, Result};
use api::network::Range;
use api::rate_limits::Rate;
use store::blobs::Blobs;

use crate::cli::Serve;
use crate::commands::demo;
use crate::config::Config;

/// Where to listen when nobody says otherwise.
const LISTEN: &str = "127.0.0.1:8080";

/// Jobs that run at a time: beside a long search or import there is room for what is short.
const WORKERS: usize = 3;

pub fn run(arguments: &Serve, config: &Config) -> Result<ExitCode> {
    let workspace = config.open()?;
    workspace.begin()?;
    let log_in = if arguments.demo { demo::fill_if_empty(&workspace, config)? } else { None };
    let listen = arguments.listen.clone().or_else(|| config.file.listen.clone()).unwrap_or_else(|| LISTEN.to_owned());
    let listener = std::net::TcpListener::bind(&listen)
        .with_context(|| format!("cannot listen on {listen}; choose another address with --listen"))?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    let shown = if address.ip().is_loopback() { format!("localhost:{}", address.port()) } else { address.to_string() };
    let options = options(arguments, config, &shown)?;
    let blobs = Blobs::open(&config.files())?;
    workspace.attach_files(blobs.clone(), contacts::texts::by_program(std::env::current_exe()?));
    let hello = url_host(&options.public_url);
    workspace.attach_post(&options.public_url, smtp::carrier(hello, None));
    let opened = ranges("push network", &arguments.push_network, &config.file.push_networks)?;
    let allows = engine::outward::public_and(move |address| opened.iter().any(|range| range.contains(address)));
    workspace.attach_push(&options.public_url, allows.clone(), webpush::carrier(allows, None));
    workspace.start_workers(WORKERS)?;
    workspace.start_post()?;
    workspace.start_push()?;
    workspace.start_consumers()?;
    workspace.start_warming()?;
    contacts::health::catch_up(&workspace)?;
    contacts::texts::catch_up(&workspace)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().max_blocking_threads(32).build()?;
    runtime.block_on(async {
        let service = api::Api::new(workspace.clone(), blobs, options);
        let listener = tokio::net::TcpListener::from_std(listener)?;
        println!("Rapport is ready: http://{shown}");
        if let Some(log_in) = log_in {
            println!("Demo log-in: {} with the password {}", log_in.email, log_in.password);
        }
        tracing::info!(%address, version = env!("CARGO_PKG_VERSION"), "ready");
        api::serve(service, webui::router(), listener, asked_to_stop()).await
    })?;
    workspace.stop();
    workspace.store().close();
    Ok(ExitCode::SUCCESS)
}

/// The host in an address: the name under which the program greets mail servers.
fn url_host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split(['/', ':', '?']).next().unwrap_or_default()
}

/// Networks of a flag, or else of the file.
fn ranges(what: &str, flag: &[String], file: &[String]) -> Result<Vec<Range>> {
    let given = if flag.is_empty() { file } else { flag };
    let read = |text: &String| text.parse::<Range>().map_err(|error| anyhow::anyhow!("{what} `{text}`: {error}"));
    given.iter().map(read).collect()
}

fn options(arguments: &Serve, config: &Config, shown: &str) -> Result<api::Options> {
    let public_url = arguments.public_url.clone().or_else(|| config.file.public_url.clone());
    let trusted_proxies = ranges("trusted proxy", &arguments.trusted_proxy, &config.file.trusted_proxies)?;
    let rate = match arguments.rate_per_minute.or(config.file.rate_per_minute) {
        Some(0) => None,
        Some(per_minute) => Some(Rate { per_minute, burst: (per_minute / 6).max(1) }),
        None => api::Options::default().rate,
    };
    Ok(api::Options {
        public_url: public_url.unwrap_or_else(|| format!("http://{shown}")),
        trusted_proxies,
        rate,
        ..api::Options::default()
    })
}

/// Completes on Ctrl-C or when the system asks the program to end.
async fn asked_to_stop() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        let terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate());
        if let Ok(mut terminate) = terminate {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    if let Err(error) = interrupt.await {
        tracing::warn!(%error, "Ctrl-C cannot be heard");
    }
}
