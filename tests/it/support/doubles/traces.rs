//! What is left of a word after it was forgotten.

use std::path::Path;

/// The files and folders under a folder that hold a word or are named by it.
pub fn traces(root: &Path, word: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let named = path.to_string_lossy().contains(word);
            let holds = if path.is_dir() {
                folders.push(path.clone());
                false
            } else {
                let bytes = std::fs::read(&path).unwrap();
                bytes.windows(word.len()).any(|window| window == word.as_bytes())
            };
            found.extend((named || holds).then(|| path.display().to_string()));
        }
    }
    found
}
