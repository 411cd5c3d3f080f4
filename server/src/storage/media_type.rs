//! What is stored under a key.

/// The media type of audio, by the extension that the shop itself gave its key.
pub fn media_type(key: &str) -> &'static str {
    match key.rsplit_once('.').map(|(_, extension)| extension) {
        Some("mp3") => "audio/mpeg",
        Some("m4a") => "audio/mp4",
        Some("flac") => "audio/flac",
        Some("ogg" | "opus") => "audio/ogg",
        Some("wav") => "audio/wav",
        Some("aiff") => "audio/aiff",
        Some("mka") => "audio/x-matroska",
        Some("aac") => "audio/aac",
        Some("caf") => "audio/x-caf",
        _ => "application/octet-stream",
    }
}
