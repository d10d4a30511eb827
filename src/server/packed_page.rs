//! The built-in page with its modules in one script and its style sheets in one: a browser that opens it asks for three
//! files and not for thirty-four, each of which would cost it some milliseconds before the first paint.
//!
//! The files in `web/` stay what they are, and a folder that is served in their place is served as it is. A module becomes
//! a function that gives what it exports; the order is that of the imports. Known is how these modules are written: an
//! import is a line with names in braces from a file beside it, and what is exported is a function or a constant that
//! is declared there.

/// The script that imports all others.
const ENTRY: &str = "app";

/// Where all style sheets are.
const STYLE: &str = "all.css";

/// A page in three files.
pub(super) struct PackedPage {
    index: String,
    script: String,
    style: String,
}

impl PackedPage {
    /// Packs the page whose files `read` gives; `None` if one is missing, or written in a way that is not known.
    pub(super) fn pack(read: &dyn Fn(&str) -> Option<String>) -> Option<Self> {
        let (index, sheets) = pack_index(&read("index.html")?);
        let style = sheets.iter().map(|name| read(name)).collect::<Option<Vec<_>>>()?.concat();
        let mut modules = Modules { read, packed: Vec::new(), script: String::new() };
        modules.pack(ENTRY)?;
        Some(Self { index, script: modules.script, style })
    }

    /// A file of it; `None` if it has no such file.
    pub(super) fn file(&self, name: &str) -> Option<&str> {
        match name {
            "index.html" => Some(&self.index),
            "app.js" => Some(&self.script),
            STYLE => Some(&self.style),
            _ => None,
        }
    }
}

/// The page with one style sheet, and the names of the sheets that it had.
fn pack_index(index: &str) -> (String, Vec<String>) {
    let (mut packed, mut sheets) = (String::new(), Vec::new());
    for line in index.lines() {
        let sheet = line.trim().strip_prefix("<link rel=\"stylesheet\" href=\"");
        if let Some(name) = sheet.and_then(|rest| rest.strip_suffix("\">")) {
            if sheets.is_empty() {
                packed.push_str(&format!("    <link rel=\"stylesheet\" href=\"{STYLE}\">\n"));
            }
            sheets.push(name.to_owned());
        } else {
            packed.push_str(line);
            packed.push('\n');
        }
    }
    (packed, sheets)
}

/// Modules that are being packed.
struct Modules<'a> {
    read: &'a dyn Fn(&str) -> Option<String>,
    packed: Vec<String>,
    script: String,
}

impl Modules<'_> {
    /// Adds a module after those that it imports, if it is not there yet.
    fn pack(&mut self, module: &str) -> Option<()> {
        if self.packed.iter().any(|packed| packed == module) {
            return Some(());
        }
        self.packed.push(module.to_owned());
        let (mut body, mut exported) = (String::new(), Vec::new());
        for line in (self.read)(&format!("{module}.js"))?.lines() {
            if let Some(import) = line.strip_prefix("import ") {
                let (names, from) = import.strip_prefix("{ ")?.split_once(" } from \"./")?;
                let from = from.strip_suffix(".js\";")?;
                self.pack(from)?;
                body.push_str(&format!("const {{ {} }} = module_{from};\n", names.replace(" as ", ": ")));
            } else if let Some(declared) = line.strip_prefix("export ") {
                exported.push(declared_name(declared)?);
                body.push_str(declared);
                body.push('\n');
            } else {
                body.push_str(line);
                body.push('\n');
            }
        }
        let exported = exported.join(", ");
        self.script.push_str(&format!("const module_{module} = (() => {{\n{body}return {{ {exported} }};\n}})();\n"));
        Some(())
    }
}

/// The name of a function or a constant in the line that declares it.
fn declared_name(line: &str) -> Option<String> {
    let function = line.strip_prefix("async ").unwrap_or(line).strip_prefix("function ");
    let named = function.map(|rest| rest.trim_start_matches('*').trim_start()).or(line.strip_prefix("const "))?;
    let name: String = named.chars().take_while(|letter| letter.is_alphanumeric() || "_$".contains(*letter)).collect();
    (!name.is_empty()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(files: &'static [(&str, &str)]) -> impl Fn(&str) -> Option<String> {
        move |name| files.iter().find(|(file, _)| *file == name).map(|(_, text)| (*text).to_owned())
    }

    #[test]
    fn a_page_becomes_three_files_in_the_order_of_its_imports() {
        let packed = PackedPage::pack(&site(&[
            (
                "index.html",
                "<head>\n  <link rel=\"stylesheet\" href=\"a.css\">\n  <link rel=\"stylesheet\" href=\"b.css\">\n  \
                 <script type=\"module\" src=\"app.js\"></script>\n</head>\n",
            ),
            ("a.css", "a {}\n"),
            ("b.css", "b {}\n"),
            ("app.js", "import { one as first } from \"./x.js\";\nimport { two } from \"./y.js\";\nfirst(two);\n"),
            ("x.js", "import { two } from \"./y.js\";\nexport function one() {\n  return two;\n}\n"),
            ("y.js", "/** Two. */\nexport const two = 2;\n"),
        ]))
        .unwrap();
        assert_eq!(
            packed.file("index.html"),
            Some(
                "<head>\n    <link rel=\"stylesheet\" href=\"all.css\">\n  \
                 <script type=\"module\" src=\"app.js\"></script>\n</head>\n"
            )
        );
        assert_eq!(packed.file("all.css"), Some("a {}\nb {}\n"));
        let script = "const module_y = (() => {\n/** Two. */\nconst two = 2;\nreturn { two };\n})();\n\
                      const module_x = (() => {\nconst { two } = module_y;\nfunction one() {\n  return two;\n}\n\
                      return { one };\n})();\n\
                      const module_app = (() => {\nconst { one: first } = module_x;\nconst { two } = module_y;\n\
                      first(two);\nreturn {  };\n})();\n";
        assert_eq!(packed.file("app.js"), Some(script));
        assert_eq!(packed.file("y.js"), None);
    }

    #[test]
    fn what_is_not_known_is_not_packed() {
        const INDEX: (&str, &str) = ("index.html", "<script src=\"app.js\"></script>\n");
        assert!(PackedPage::pack(&site(&[INDEX, ("app.js", "let all = 1;\n")])).is_some());
        assert!(PackedPage::pack(&site(&[INDEX, ("app.js", "import all from \"./x.js\";\n")])).is_none());
        assert!(PackedPage::pack(&site(&[INDEX, ("app.js", "export default all;\n")])).is_none());
        assert!(PackedPage::pack(&site(&[INDEX, ("app.js", "import { all } from \"./gone.js\";\n")])).is_none());
    }
}
