//! An engine under test: the real program, spoken to over its pipes.

use std::io::{BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};

use engine_protocol::{Event, Failed, Hello, Load, ModelFacts, Progress, Request, read_line, write_line};

/// A running engine; killed when dropped.
pub struct Engine {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
    pub hello: Hello,
}

impl Engine {
    /// Starts the program and reads its greeting.
    pub fn start(program: &str) -> Self {
        let mut child =
            Command::new(program).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("the engine starts");
        let input = child.stdin.take();
        let mut output = BufReader::new(child.stdout.take().expect("its output is piped"));
        let Ok(Some(Event::Hello(hello))) = read_line(&mut output) else { panic!("no greeting") };
        Self { child, input, output, hello }
    }

    /// Asks, passes over the progress, and returns the closing event.
    pub fn ask(&mut self, request: &Request) -> Event {
        self.ask_with_progress(request).0
    }

    /// Asks and returns the closing event and all progress before it.
    pub fn ask_with_progress(&mut self, request: &Request) -> (Event, Vec<Progress>) {
        write_line(self.input.as_mut().expect("the input is open"), request).expect("the engine listens");
        let mut told = Vec::new();
        loop {
            match read_line(&mut self.output).expect("the engine writes messages only") {
                Some(Event::Progress(progress)) => told.push(progress),
                Some(event) => {
                    assert_eq!(event.id(), request.id(), "the answer belongs to the request");
                    return (event, told);
                }
                None => panic!("the engine died: {:?}", self.child.wait()),
            }
        }
    }

    /// Asks without waiting for the answer.
    pub fn send(&mut self, request: &Request) {
        write_line(self.input.as_mut().expect("the input is open"), request).expect("the engine listens");
    }

    /// The next closing event, whichever request it belongs to.
    pub fn next_answer(&mut self) -> Event {
        loop {
            match read_line::<Event>(&mut self.output).expect("the engine writes messages only") {
                Some(event) if event.is_final() => return event,
                Some(_) => {}
                None => panic!("the engine died: {:?}", self.child.wait()),
            }
        }
    }

    /// The process.
    pub fn process_id(&self) -> u32 {
        self.child.id()
    }

    /// Sends a line as it is and returns the next event.
    pub fn say(&mut self, line: &str) -> Event {
        writeln!(self.input.as_mut().expect("the input is open"), "{line}").expect("the engine listens");
        read_line(&mut self.output).expect("a message").expect("the engine lives")
    }

    /// Loads a model on the processor.
    pub fn load(&mut self, path: &Path) -> Result<ModelFacts, Failed> {
        match self.ask(&load(path)) {
            Event::Loaded(loaded) => Ok(loaded.model),
            Event::Failed(failed) => Err(failed),
            other => panic!("not an answer to a load: {other:?}"),
        }
    }

    /// Closes the engine's input and waits for its end.
    pub fn close(mut self) -> ExitStatus {
        drop(self.input.take());
        self.child.wait().expect("it ends")
    }

    /// Asks the engine to end and waits for it.
    pub fn shut_down(mut self) -> ExitStatus {
        write_line(self.input.as_mut().expect("the input is open"), &Request::Shutdown).expect("the engine listens");
        self.child.wait().expect("it ends")
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        // Already gone if it was closed; nothing to do about it otherwise.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A request to load a model on the processor.
pub fn load(path: &Path) -> Request {
    Request::Load(Load { id: 1, model_path: path.into(), gpu: None, threads: 1, context_limit: None })
}

/// A file of the demonstration models.
pub fn demo(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../models/demo").join(name)
}

/// The first part of a file, as a broken download leaves it, in a folder of its own.
pub fn cut_off(path: &Path, bytes: usize, folder: &Path) -> PathBuf {
    let whole = std::fs::read(path).expect("the model is there");
    let part = folder.join(format!("{bytes}.part"));
    std::fs::write(&part, &whole[..bytes]).expect("the folder can be written");
    part
}
