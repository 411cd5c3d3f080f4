//! How what was heard is judged and heard again.

use super::*;

#[test]
fn a_model_is_told_no_language_that_it_does_not_know() {
    let mut model = SpeechModel {
        size: "base".to_owned(),
        file_bytes: 1,
        audio_context: 1_500,
        window_ms: 30_000,
        multilingual: true,
        languages: vec!["en".to_owned(), "de".to_owned()],
        at_once: 1,
    };
    let (german, made_up) = ("de".to_owned(), "qq".to_owned());
    assert_eq!(known_to(&model, Some(&german)), Some(german.clone()));
    assert_eq!(known_to(&model, Some(&made_up)), None);
    model.multilingual = false;
    assert_eq!(known_to(&model, Some(&german)), None);
}

/// Hears German, and English text in it that it is unsure of where it is told to listen for that.
struct German(Vec<Transcribe>);

impl Ear for German {
    type Error = ();

    async fn hear(&mut self, request: Transcribe) -> Result<Transcribed, ()> {
        let german = request.language.as_deref() == Some("de");
        let (text, log) = if german { ("Ein Licht.", -0.1) } else { ("One light.", -1.5) };
        let word = |text: &str| engine_protocol::Word { start_ms: 0, end_ms: 900, text: text.into(), confidence: 0.9 };
        let segment = Segment {
            start_ms: 0,
            end_ms: 900,
            text: text.into(),
            confidence: 0.9,
            no_speech_prob: 0.0,
            words: vec![word(text)],
            evidence: Some(engine_protocol::Evidence {
                average_log_probability: log,
                no_speech_probability: 0.0,
                compression_ratio: 1.0,
                temperature: 0.0,
                retry: request.retry,
            }),
        };
        let language = request.language.clone();
        self.0.push(request);
        Ok(Transcribed { id: 1, language, segments: vec![segment] })
    }

    async fn language(&mut self, _: &Transcribe) -> Result<Option<Identified>, ()> {
        Ok(Some(Identified { id: 1, language: Some("de".into()), probability: 0.97 }))
    }

    fn bears((): &()) -> bool {
        true
    }
}

#[tokio::test]
async fn a_chunk_that_is_certainly_in_another_language_is_heard_in_it() {
    let chunk = Chunk {
        id: uuid::Uuid::nil(),
        position: 0,
        part_id: uuid::Uuid::nil(),
        start_ms: 0,
        end_ms: 25_000,
        attempt: 0,
    };
    let request = Transcribe {
        id: 0,
        pcm_path: "book.s16".into(),
        pcm_format: PcmFormat::S16le,
        offset_samples: 0,
        sample_count: 1,
        language: Some("en".into()),
        prompt: Some("Gerda.".into()),
        retry: 0,
    };
    for (mixed, times) in [(false, 2), (true, 1)] {
        let mut ear = German(Vec::new());
        let (heard, _) = listen(&mut ear, &chunk, request.clone(), mixed).await.unwrap();
        assert_eq!((heard[0].text.as_str(), heard[0].flag), ("Ein Licht.", None), "{mixed}");
        assert_eq!(ear.0.len(), times, "{mixed}");
    }
    let mut ear = German(Vec::new());
    let unknown = Transcribe { language: None, ..request };
    listen(&mut ear, &chunk, unknown, true).await.unwrap();
    assert_eq!(ear.0.last().map(|asked| (asked.retry, asked.prompt.is_some())), Some((1, false)));
}

#[test]
fn times_are_those_of_the_book_and_stay_inside_the_chunk() {
    let chunk = Chunk {
        id: uuid::Uuid::nil(),
        position: 2,
        part_id: uuid::Uuid::nil(),
        start_ms: 20_000,
        end_ms: 25_000,
        attempt: 0,
    };
    let word = engine_protocol::Word { start_ms: 100, end_ms: 9_000, text: "Far".into(), confidence: 0.9 };
    let segment = Segment {
        start_ms: 100,
        end_ms: 9_000,
        text: "Far".into(),
        confidence: 0.9,
        no_speech_prob: 0.0,
        words: vec![word],
        evidence: None,
    };
    let heard = judged(&chunk, vec![segment]);
    assert_eq!((heard[0].start_ms, heard[0].words[0].end_ms), (20_100, 25_000));
    assert_eq!(heard[0].flag, None);
}
