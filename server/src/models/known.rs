//! The models that `lectern models pull` knows by name.
//!
//! The SHA-1 values of the speech models are those that whisper.cpp states in its own `models/README.md`
//! (<https://github.com/ggml-org/whisper.cpp/blob/master/models/README.md>). The publishers of the writing models state no
//! checksum in a document: what the hub states for the file when it is pulled is recorded and checked from then on.

/// What a model is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    Speech,
    Writing,
    /// To tell what texts mean. None is known: whichever lies in the folder is used.
    Embedding,
}

impl Purpose {
    pub const ALL: [Self; 3] = [Self::Speech, Self::Writing, Self::Embedding];

    pub fn name(self) -> &'static str {
        match self {
            Self::Speech => "speech",
            Self::Writing => "writing",
            Self::Embedding => "embedding",
        }
    }
}

/// A published model.
#[derive(Clone, Copy, Debug)]
pub struct KnownModel {
    pub name: &'static str,
    pub purpose: Purpose,
    /// The file's name, on the hub and in the models folder.
    pub file: &'static str,
    /// The repository on the hub.
    pub repository: &'static str,
    /// In bytes, as its publisher rounds it.
    pub about_bytes: u64,
    pub licence: &'static str,
    /// In hexadecimal, where the publisher states one.
    pub sha1: Option<&'static str>,
    pub about: &'static str,
}

const MIB: u64 = 1 << 20;

const fn speech(
    name: &'static str,
    file: &'static str,
    mib: u64,
    sha1: &'static str,
    about: &'static str,
) -> KnownModel {
    KnownModel {
        name,
        purpose: Purpose::Speech,
        file,
        repository: "ggerganov/whisper.cpp",
        about_bytes: mib * MIB,
        licence: "MIT",
        sha1: Some(sha1),
        about,
    }
}

const fn writing(
    name: &'static str,
    file: &'static str,
    repository: &'static str,
    mib: u64,
    licence: &'static str,
    about: &'static str,
) -> KnownModel {
    KnownModel { name, purpose: Purpose::Writing, file, repository, about_bytes: mib * MIB, licence, sha1: None, about }
}

/// Every known model; of each purpose the better ones come later.
pub const KNOWN: &[KnownModel] = &[
    speech("tiny", "ggml-tiny.bin", 75, "bd577a113a864445d4c299885e0cb97d4ba92b5f", "many languages, fastest"),
    speech("tiny.en", "ggml-tiny.en.bin", 75, "c78c86eb1a8faa21b369bcd33207cc90d64ae9df", "English, fastest"),
    speech("base", "ggml-base.bin", 142, "465707469ff3a37a2b9b8d8f89f2f99de7299dac", "many languages"),
    speech("base.en", "ggml-base.en.bin", 142, "137c40403d78fd54d454da0f9bd998f78703390c", "English, a good start"),
    speech("small", "ggml-small.bin", 466, "55356645c2b361a969dfd0ef2c5a50d530afd8d5", "many languages"),
    speech("small.en", "ggml-small.en.bin", 466, "db8a495a91d927739e50b3fc1cc4c6b8f6c2d022", "English"),
    speech("medium", "ggml-medium.bin", 1536, "fd9727b6e1217c2f614f9b698455c4ffd82463b4", "many languages"),
    speech("medium.en", "ggml-medium.en.bin", 1536, "8c30f0e44ce9560643ebd10bbe50cd20eafd3723", "English"),
    speech(
        "large-v3-turbo",
        "ggml-large-v3-turbo.bin",
        1536,
        "4af2b29d7ec73d781377bfd1758ca957a807e941",
        "many languages, best; wants a GPU",
    ),
    writing(
        "qwen2.5-0.5b",
        "qwen2.5-0.5b-instruct-q4_k_m.gguf",
        "Qwen/Qwen2.5-0.5B-Instruct-GGUF",
        469,
        "Apache-2.0",
        "small, for a machine with little memory",
    ),
    writing(
        "qwen2.5-1.5b",
        "qwen2.5-1.5b-instruct-q4_k_m.gguf",
        "Qwen/Qwen2.5-1.5B-Instruct-GGUF",
        1066,
        "Apache-2.0",
        "a good start",
    ),
    writing(
        "qwen2.5-3b",
        "qwen2.5-3b-instruct-q4_k_m.gguf",
        "Qwen/Qwen2.5-3B-Instruct-GGUF",
        2007,
        "Qwen Research Licence (not for commercial use)",
        "writes better, slower",
    ),
];

/// The known model of this name, or of this file name.
pub fn find(name: &str) -> Option<&'static KnownModel> {
    KNOWN.iter().find(|model| model.name == name || model.file == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_stated_checksum_is_a_sha_1() {
        for model in KNOWN {
            let Some(sha1) = model.sha1 else { continue };
            assert_eq!(hex::decode(sha1).unwrap().len(), 20, "{}", model.name);
        }
    }

    #[test]
    fn a_model_is_found_by_its_name_and_by_its_file() {
        assert_eq!(find("base.en").unwrap().file, find("ggml-base.en.bin").unwrap().file);
        assert!(find("gpt-4").is_none());
    }
}
