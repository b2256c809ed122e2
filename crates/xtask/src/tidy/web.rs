//! Arrows of the UI: features meet in the records, not in one another's files.

use super::{Finding, Source};

/// A feature imports no other feature; `ui`, `api` and `i18n` import no feature at all.
pub fn check_imports(sources: &[Source]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for source in sources.iter().filter(|source| source.is_typescript()) {
        let Some(inside) = source.path.strip_prefix("web/src/") else { continue };
        let own = inside.strip_prefix("features/").and_then(|rest| rest.split('/').next());
        let is_low = ["ui/", "api/", "i18n/"].iter().any(|folder| inside.starts_with(folder));
        for (at, line) in source.text.lines().enumerate() {
            for target in imports(line).filter_map(|path| resolve(inside, path)) {
                let Some(feature) = target.strip_prefix("features/").and_then(|rest| rest.split('/').next()) else {
                    continue;
                };
                if own.is_some_and(|own| own != feature) {
                    findings.push(Finding::new(source, at + 1, format!("a feature must not import `{feature}`")));
                } else if is_low {
                    let folder = inside.split('/').next().unwrap_or_default();
                    findings.push(Finding::new(source, at + 1, format!("`{folder}` must not import a feature")));
                }
            }
        }
    }
    findings
}

/// The paths a line imports: `from '…'` and `import('…')` or `import '…'`.
fn imports(line: &str) -> impl Iterator<Item = &str> {
    ["from ", "import(", "import "].into_iter().filter_map(|keyword| {
        let (_, rest) = line.split_once(keyword)?;
        let rest = rest.trim_start();
        let quote = rest.chars().next().filter(|c| matches!(c, '\'' | '"'))?;
        rest.get(1..)?.split(quote).next()
    })
}

/// The imported path from `web/src`; `None` for a package.
fn resolve(inside: &str, path: &str) -> Option<String> {
    if let Some(rest) = path.strip_prefix("@/").or_else(|| path.strip_prefix("~/")) {
        return Some(rest.to_owned());
    }
    if !path.starts_with('.') {
        return None;
    }
    let mut folders: Vec<&str> = inside.split('/').collect();
    folders.pop();
    for part in path.split('/') {
        match part {
            "." => {}
            ".." => {
                folders.pop();
            }
            part => folders.push(part),
        }
    }
    Some(folders.join("/"))
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;
    use super::*;

    #[test]
    fn features_do_not_import_features() {
        check(
            check_imports,
            &[
                (
                    "web/src/features/people/page.tsx",
                    "import { a } from '../tasks/api'\nimport { b } from './api'\nimport { c } from '@/ui/grid'\n\
                     import { d } from '@/features/home/page'\nimport 'react'\n",
                ),
                ("web/src/ui/grid.tsx", "const page = import('../features/people/page')\n"),
                ("web/src/app/router.tsx", "const page = import('../features/people/page')\n"),
            ],
            &[
                "web/src/features/people/page.tsx:1: a feature must not import `tasks`",
                "web/src/features/people/page.tsx:4: a feature must not import `home`",
                "web/src/ui/grid.tsx:1: `ui` must not import a feature",
            ],
        );
    }
}
