//! The standard objects load, and as a schema they are sound.
use std::fs;
use std::path::Path;

use model::load::{check_schema, load_object};
use model::{Object, Schema};

fn load_folder(folder: &Path) -> Vec<Object> {
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let load = |path: &Path| {
        let text = fs::read_to_string(path).unwrap();
        let object = load_object(&path.display().to_string(), &text).unwrap_or_else(|fault| panic!("{fault}"));
        assert_eq!(path.file_stem().unwrap().to_str(), Some(object.name.as_str()));
        assert!(text.starts_with("# "), "{} says first what it is for", path.display());
        object
    };
    files.iter().map(|path| load(path)).collect()
}

fn standard_objects() -> Vec<Object> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut objects = load_folder(&here.join("../engine/objects"));
    objects.extend(load_folder(&here.join("objects")));
    objects
}

#[test]
fn the_standard_objects_are_a_sound_schema() {
    let faults = check_schema(&Schema::new(1, standard_objects()));
    assert!(faults.is_empty(), "{}", faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"));
}

/// Nobody fills in a form of ten fields to note a telephone number.
#[test]
fn a_record_needs_three_values_at_most() {
    for object in standard_objects() {
        let required = object.fields.iter().filter(|field| field.required && field.default.is_none()).count();
        assert!(required <= 3, "{} requires {required} values", object.name);
    }
}
