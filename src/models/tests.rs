mod damage;
mod fetching;
mod made;

use super::*;
use made::{list, small};

const URL: &str = "https://models.example/small.bin";

#[test]
fn the_own_list_is_sound() {
    let dir = ModelDir::new("anywhere").unwrap();
    let base = dir.models().iter().find(|model| model.name == DEFAULT).unwrap();
    let ModelKind::Recogniser { languages, .. } = &base.kind else { panic!("{:?}", base.kind) };
    assert!(["ja", "en"].iter().all(|language| languages.iter().any(|known| known == language)));
    assert_eq!((languages.len(), base.sources.len()), (99, 1));
    // Said by whoever publishes the file.
    assert_eq!(base.sha256.to_string(), "60ed5bc3dd14eea856493d334349b405782ddcaf0028d4b5df4088345fba2efe");
    assert_eq!(dir.names(|model| !is_recogniser(model)), [SILERO]);
    for name in ["small", "small-q5_1", "medium", "medium-q5_0", "large-v3-turbo", "large-v3-turbo-q5_0"] {
        let model = dir.model(name).unwrap();
        assert_eq!(model.file, format!("ggml-{name}.bin"));
        assert!(model.sources[0].as_str().ends_with(&model.file), "{name}");
        let ModelKind::Recogniser { languages, .. } = &model.kind else { panic!("{name}") };
        // The third version knows Cantonese as well.
        assert_eq!(languages.len(), if name.starts_with("large-v3") { 100 } else { 99 }, "{name}");
    }
}

#[test]
fn an_unsound_list_is_refused() {
    let own = manifest::TEXT;
    let swap = |from, to| {
        assert!(own.contains(from), "{from}");
        manifest::parse(&own.replacen(from, to, 1)).unwrap_err()
    };
    swap("https://huggingface.co", "http://huggingface.co");
    swap("https://raw.", "file:///raw.");
    swap("file = \"ggml-base.bin\"", "file = \"../ggml-base.bin\"");
    swap("name = \"tiny.en\"", "name = \"base\"");
    swap("60ed5bc3", "60ed5b");
    swap("60ed5bc3", "60ed5bcg");
    swap("languages = [\"en\"]", "languages = []");
    swap("licence", "license");
    swap("sources =", "source =");
    swap("[\"https://huggingface.co/ggerganov/whisper.cpp/resolve/main/ggml-base.bin\"]", "[]");
    swap("kind = \"detector\"", "kind = \"listener\"");
    swap("kind = \"detector\"", "kind.recogniser.languages = [\"en\"]");
    swap("silero_vad_16k_op15.onnx\"\nbytes", "silero_vad.bin\"\nbytes");
}

#[test]
fn a_model_is_found_by_name_or_path() {
    let (file, folder) = (small(), tempfile::tempdir().unwrap());
    let dir = ModelDir::with_manifest(folder.path(), &list(&file, &[URL])).unwrap();
    assert_eq!(
        dir.locate("small").unwrap_err().to_string(),
        "the model small is not here yet. Fetch it with `keicho models fetch small`"
    );
    assert_eq!(
        dir.locate("large").unwrap_err().to_string(),
        "no model is called \"large\". Give one of small, or the path of a ggml file of Whisper"
    );
    assert!(matches!(dir.locate("./none.bin"), Err(ModelError::Unreadable { .. })));
    assert!(matches!(dir.locate(folder.path().to_str().unwrap()), Err(ModelError::NoModel { .. })));

    std::fs::write(folder.path().join("small.bin"), &file).unwrap();
    let weights = dir.locate("small").unwrap().check().unwrap();
    assert_eq!((weights.name(), weights.is_multilingual()), ("small", true));
    assert!(weights.knows("ja") && !weights.knows("xx"));
    assert_eq!(weights.bytes(), file);

    let path = folder.path().join("small.bin");
    let weights = dir.locate(path.to_str().unwrap()).unwrap().check().unwrap();
    assert_eq!(weights.name(), path.to_str().unwrap());
    // Nothing is known of it but that it is multilingual.
    assert!(weights.knows("xx"));
}

#[test]
fn a_changed_model_is_not_given_out() {
    let (file, folder) = (small(), tempfile::tempdir().unwrap());
    let dir = ModelDir::with_manifest(folder.path(), &list(&file, &[URL])).unwrap();
    let path = folder.path().join("small.bin");
    let mut file = file;
    *file.last_mut().unwrap() ^= 1;
    std::fs::write(&path, &file).unwrap();
    let error = dir.locate("small").unwrap().check().unwrap_err().to_string();
    assert!(error.contains("its SHA-256 is") && error.ends_with("`keicho models fetch small`"), "{error}");
    // Its structure is that of a model still: only the list knows better.
    assert!(dir.locate(path.to_str().unwrap()).unwrap().check().is_ok());

    std::fs::write(&path, &file[..1000]).unwrap();
    let error = dir.locate("small").unwrap().check().unwrap_err().to_string();
    assert!(error.contains("it has 1000 bytes of"), "{error}");
    let error = dir.locate(path.to_str().unwrap()).unwrap().check().unwrap_err().to_string();
    assert!(error.contains("cannot be used as a model: it ends within"), "{error}");
}

/// A list that knows a detector beside the recogniser's small model.
fn with_detector(network: &[u8]) -> String {
    let small = list(&small(), &[URL]);
    let (bytes, sha256) = (network.len(), Sha256::of(network));
    let sources = "[\"https://models.example/ear.onnx\"]";
    format!(
        "{small}\n[[model]]\nname = \"ear\"\nfile = \"ear.onnx\"\nbytes = {bytes}\nsha256 = \"{sha256}\"\nlicence = \"none\"\nsources = {sources}\nkind = \"detector\"\n"
    )
}

#[test]
fn a_detector_is_no_recogniser_and_a_recogniser_no_detector() {
    let folder = tempfile::tempdir().unwrap();
    let dir = ModelDir::with_manifest(folder.path(), &with_detector(b"network")).unwrap();
    // Whether they are here or not.
    for file in [None, Some("ear.onnx"), Some("small.bin")] {
        file.iter().for_each(|file| std::fs::write(folder.path().join(file), "any").unwrap());
        assert_eq!(
            dir.locate("ear").unwrap_err().to_string(),
            "the model ear tells speech from noise and recognises no words; `--vad ear` listens with it. Give one of small"
        );
        assert!(matches!(dir.detector("small"), Err(ModelError::Unknown { known, .. }) if known == ["ear"]));
    }
    assert!(matches!(dir.locate("large"), Err(ModelError::Unknown { known, .. }) if known == ["small"]));
}

#[test]
fn a_detectors_bytes_are_given_out_when_they_are_the_published_ones() {
    let folder = tempfile::tempdir().unwrap();
    let dir = ModelDir::with_manifest(folder.path(), &with_detector(b"network")).unwrap();
    assert_eq!(
        dir.detector("ear").unwrap_err().to_string(),
        "the model ear is not here yet. Fetch it with `keicho models fetch ear`"
    );
    std::fs::write(folder.path().join("ear.onnx"), "network").unwrap();
    assert_eq!(dir.detector("ear").unwrap(), b"network");
    for (changed, why) in [("netwerk", "its SHA-256 is"), ("networ", "it has 6 bytes of 7")] {
        std::fs::write(folder.path().join("ear.onnx"), changed).unwrap();
        let error = dir.detector("ear").unwrap_err().to_string();
        assert!(error.contains(why) && error.ends_with("`keicho models fetch ear`"), "{error}");
    }
}
