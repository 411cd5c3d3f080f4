//! Messages survive the pipe, and what is no message is refused with a reason.

use std::io::{BufReader, Cursor, Read};

use engine_protocol::{
    Accelerators, CountTokens, Counted, Embed, Embedded, EmbeddingModel, EngineKind, Event, Evidence, Failed,
    FailureKind, Generate, GenerateAll, Generated, GeneratedAll, Hello, Identified, Identify, Load, Loaded,
    MAX_LINE_BYTES, MOST_EMBEDDED, Message, ModelFacts, PROTOCOL_VERSION, PcmFormat, Penalties, Progress, Request,
    Role, Segment, SpeechModel, StopReason, Transcribe, Transcribed, WireError, Word, WritingModel, read_line,
    write_line,
};

fn asked() -> Generate {
    Generate {
        id: 3,
        messages: vec![Message { role: Role::User, content: "A line\nand \"another\" \u{1F56F}".into() }],
        grammar: Some("root ::= \"yes\"".into()),
        max_tokens: 5,
        temperature: 0.5,
        seed: 7,
        penalties: Some(Penalties { window: 64, repeat: 1.25, frequency: 0.5 }),
    }
}

fn answered() -> Generated {
    Generated { id: 3, text: "yes".into(), prompt_tokens: 9, output_tokens: 1, stop: StopReason::End }
}

fn every_request() -> Vec<Request> {
    vec![
        Request::Load(Load {
            id: 1,
            model_path: "models/demo/demo-asr.bin".into(),
            gpu: Some(0),
            threads: 4,
            context_limit: Some(2048),
        }),
        Request::Transcribe(Transcribe {
            id: 2,
            pcm_path: "chapter one.pcm".into(),
            pcm_format: PcmFormat::F32le,
            offset_samples: 16_000,
            sample_count: 8_000,
            language: Some("en".into()),
            prompt: None,
            retry: 1,
        }),
        Request::Identify(Identify {
            id: 5,
            pcm_path: "chapter one.pcm".into(),
            pcm_format: PcmFormat::S16le,
            offset_samples: 16_000,
            sample_count: 8_000,
        }),
        Request::Generate(asked()),
        Request::GenerateAll(GenerateAll { id: 6, requests: vec![asked(), asked()] }),
        Request::CountTokens(CountTokens { id: 4, text: "one two".into() }),
        Request::Embed(Embed { id: 7, texts: vec!["A bell rings.".into()] }),
        Request::Shutdown,
    ]
}

fn every_event() -> Vec<Event> {
    let word = Word { start_ms: 10, end_ms: 300, text: "Once,".into(), confidence: 0.9 };
    vec![
        Event::Hello(Hello {
            protocol: PROTOCOL_VERSION,
            engine: EngineKind::Whisper,
            engine_version: "0.1.0".into(),
            library: "whisper.cpp".into(),
            accelerators: Accelerators { cuda: true, ..Accelerators::default() },
        }),
        Event::Loaded(Loaded {
            id: 1,
            model: ModelFacts::Speech(SpeechModel {
                size: "base".into(),
                file_bytes: 100,
                audio_context: 500,
                window_ms: 10_000,
                multilingual: false,
                languages: vec!["en".into()],
                at_once: 2,
            }),
        }),
        Event::Loaded(Loaded {
            id: 1,
            model: ModelFacts::Writing(WritingModel {
                name: "writer".into(),
                file_bytes: 100,
                parameters: 5,
                context_tokens: 1024,
                trained_context_tokens: 2048,
                has_chat_template: true,
            }),
        }),
        Event::Loaded(Loaded {
            id: 1,
            model: ModelFacts::Embedding(EmbeddingModel {
                name: "meanings".into(),
                file_bytes: 100,
                parameters: 5,
                context_tokens: 512,
                dimensions: 3,
            }),
        }),
        Event::Progress(Progress { id: 2, permille: 250 }),
        Event::Transcribed(Transcribed {
            id: 2,
            language: Some("en".into()),
            segments: vec![Segment {
                start_ms: 0,
                end_ms: 400,
                text: "Once,".into(),
                confidence: 0.9,
                no_speech_prob: 0.125,
                words: vec![word],
                evidence: Some(Evidence {
                    average_log_probability: -0.25,
                    no_speech_probability: 0.125,
                    compression_ratio: 1.5,
                    temperature: 0.0,
                    retry: 0,
                }),
            }],
        }),
        Event::Identified(Identified { id: 5, language: Some("th".into()), probability: 0.75 }),
        Event::Generated(answered()),
        Event::GeneratedAll(GeneratedAll { id: 6, answers: vec![answered(), answered()] }),
        Event::Counted(Counted { id: 4, tokens: 2 }),
        Event::Embedded(Embedded { id: 7, vectors: vec![vec![0.5, -0.25, 0.75]] }),
        Event::Failed(Failed::new(None, FailureKind::BadInput, "no such request")),
    ]
}

#[test]
fn every_request_arrives_as_it_was_sent() {
    let mut pipe = Vec::new();
    for request in every_request() {
        write_line(&mut pipe, &request).unwrap();
    }
    let mut reader = BufReader::new(Cursor::new(pipe));
    for sent in every_request() {
        assert_eq!(read_line::<Request>(&mut reader).unwrap(), Some(sent));
    }
    assert_eq!(read_line::<Request>(&mut reader).unwrap(), None);
}

#[test]
fn every_event_arrives_as_it_was_sent() {
    let mut pipe = Vec::new();
    for event in every_event() {
        write_line(&mut pipe, &event).unwrap();
    }
    assert_eq!(pipe.iter().filter(|byte| **byte == b'\n').count(), every_event().len(), "one line each");
    let mut reader = BufReader::new(Cursor::new(pipe));
    for sent in every_event() {
        assert_eq!(read_line::<Event>(&mut reader).unwrap(), Some(sent));
    }
}

#[test]
fn only_progress_and_greeting_leave_a_request_open() {
    let open = every_event().iter().filter(|event| !event.is_final()).count();
    assert_eq!(open, 2);
}

#[test]
fn what_may_be_left_out_has_a_sensible_value() {
    let line = br#"{"type":"transcribe","id":9,"pcm_path":"a.pcm","offset_samples":0,"sample_count":160}"#;
    let Request::Transcribe(request) = engine_protocol::decode(line).unwrap() else { panic!("not a transcription") };
    assert_eq!(request.pcm_format, PcmFormat::S16le);
    assert_eq!((request.language, request.retry), (None, 0));
    let line = br#"{"type":"transcribed","id":9,"segments":[{"start_ms":0,"end_ms":9,"text":"One","confidence":1.0,
        "no_speech_prob":0.0,"words":[]}]}"#;
    let Event::Transcribed(heard) = engine_protocol::decode(line).unwrap() else { panic!("not a transcript") };
    assert_eq!(heard.segments[0].evidence, None);
    let line = br#"{"type":"loaded","id":1,"model":{"kind":"speech","size":"base","file_bytes":1,"audio_context":1500,
        "window_ms":30000,"multilingual":true}}"#;
    let Event::Loaded(loaded) = engine_protocol::decode(line).unwrap() else { panic!("no model") };
    assert!(matches!(loaded.model, ModelFacts::Speech(model) if model.at_once == 1));
    let line = br#"{"type":"generate","id":1,"messages":[],"max_tokens":9}"#;
    let Request::Generate(request) = engine_protocol::decode(line).unwrap() else { panic!("no question") };
    assert_eq!((request.grammar, request.penalties), (None, None));
}

#[test]
fn as_many_meanings_as_may_be_asked_for_fit_into_a_line() {
    let vectors = vec![vec![-0.123_456_f32; 8_192]; MOST_EMBEDDED];
    assert!(engine_protocol::encode(&Event::Embedded(Embedded { id: u64::MAX, vectors })).is_ok());
}

#[test]
fn a_line_of_nonsense_does_not_spoil_the_next() {
    let mut reader = BufReader::new(&b"no json\n\n{\"type\":\"shutdown\"}\n"[..]);
    let error = read_line::<Request>(&mut reader).unwrap_err();
    assert!(error.is_recoverable(), "{error}");
    assert_eq!(read_line::<Request>(&mut reader).unwrap(), Some(Request::Shutdown));
}

#[test]
fn a_line_cut_off_by_a_dying_engine_is_not_taken_for_a_message() {
    let mut reader = BufReader::new(&b"{\"type\":\"shutdown\"}"[..]);
    assert!(matches!(read_line::<Request>(&mut reader), Err(WireError::CutOff)));
}

#[test]
fn an_endless_line_is_refused_before_it_fills_the_memory() {
    let mut reader = BufReader::new(std::io::repeat(b'x').take(u64::MAX));
    assert!(matches!(read_line::<Request>(&mut reader), Err(WireError::TooLong)));
    let long = CountTokens { id: 1, text: "x".repeat(MAX_LINE_BYTES) };
    assert!(matches!(engine_protocol::encode(&long), Err(WireError::TooLong)));
}
