//! The words and drawings for where things stand.

use domain::catalog::Status;
use domain::ordering::OrderEventKind;
use domain::production::{Step, StepStatus, StepView, UploadStatus};

const RING: &str = "M12 4a8 8 0 1 1 0 16a8 8 0 0 1 0-16";
const CLOCK: &str = "M12 4a8 8 0 1 1 0 16a8 8 0 0 1 0-16M12 8v4l3 2";
const GOING: &str = "M12 4a8 8 0 1 1 0 16a8 8 0 0 1 0-16M10.5 8.5v7l5-3.5z";
const HELD: &str = "M12 4a8 8 0 1 1 0 16a8 8 0 0 1 0-16M10 9v6M14 9v6";
const WARNING: &str = "M12 4L21 19H3zM12 10v4M12 16.5v.2";
const CROSSED: &str = "M12 4a8 8 0 1 1 0 16a8 8 0 0 1 0-16M9 9l6 6M15 9l-6 6";
const AGAIN: &str = "M19 9a7.5 7.5 0 1 0 .5 4M19.5 4.5V9H15";
const TICKED: &str = "M12 4a8 8 0 1 1 0 16a8 8 0 0 1 0-16M8.5 12.5l2.5 2.5l4.5-5";

/// What a step is called.
pub fn step(step: Step) -> &'static str {
    match step {
        Step::Upload => "Upload",
        Step::Probe => "Look into the files",
        Step::Prepare => "Prepare the audio",
        Step::Transcribe => "Transcribe",
        Step::Describe => "Describe",
        Step::Done => "Ready",
    }
}

/// What a step brings.
pub fn step_result(step: Step) -> &'static str {
    match step {
        Step::Upload => "Every file has arrived and was checked.",
        Step::Probe => "Length, format and chapter marks.",
        Step::Prepare => "Pieces that the speech model can hear at once, and the sample.",
        Step::Transcribe => "The words, with their times.",
        Step::Describe => "A description, categories and chapters to choose from.",
        Step::Done => "For you to read, price and publish.",
    }
}

/// How a step goes, in a word or two.
pub fn step_status(status: StepStatus) -> &'static str {
    match status {
        StepStatus::Waiting => "Not yet",
        StepStatus::Queued => "In the queue",
        StepStatus::Running => "Running",
        StepStatus::Blocked => "Needs you",
        StepStatus::Failed => "Failed",
        StepStatus::Cancelled => "Cancelled",
        StepStatus::Stale => "Out of date",
        StepStatus::Done => "Done",
    }
}

/// The same as it stands in `data-status`.
pub fn step_status_name(status: StepStatus) -> &'static str {
    match status {
        StepStatus::Waiting => "waiting",
        StepStatus::Queued => "queued",
        StepStatus::Running => "running",
        StepStatus::Blocked => "blocked",
        StepStatus::Failed => "failed",
        StepStatus::Cancelled => "cancelled",
        StepStatus::Stale => "stale",
        StepStatus::Done => "done",
    }
}

/// The drawing for it, for `Icon`.
pub fn step_icon(status: StepStatus) -> &'static str {
    match status {
        StepStatus::Waiting => RING,
        StepStatus::Queued => CLOCK,
        StepStatus::Running => GOING,
        StepStatus::Blocked => HELD,
        StepStatus::Failed => WARNING,
        StepStatus::Cancelled => CROSSED,
        StepStatus::Stale => AGAIN,
        StepStatus::Done => TICKED,
    }
}

pub fn title_status(status: Status) -> &'static str {
    match status {
        Status::Draft => "Draft",
        Status::Published => "Published",
        Status::Archived => "Archived",
    }
}

pub fn upload_status(status: UploadStatus) -> &'static str {
    match status {
        UploadStatus::Receiving => "Arriving",
        UploadStatus::Checking => "Being checked",
        UploadStatus::Done => "Arrived",
        UploadStatus::Refused => "Refused",
        UploadStatus::Cancelled => "Cancelled",
    }
}

pub fn upload_icon(status: UploadStatus) -> &'static str {
    match status {
        UploadStatus::Receiving => GOING,
        UploadStatus::Checking => CLOCK,
        UploadStatus::Done => TICKED,
        UploadStatus::Refused => WARNING,
        UploadStatus::Cancelled => CROSSED,
    }
}

/// Thousandths as a reader writes them: `37 %`; `100 %` only when nothing is missing.
pub fn per_cent(permille: i32) -> String {
    format!("{} %", permille.clamp(0, 1000) / 10)
}

/// Which model did it, with a warning where it is one for demonstrations.
pub fn made_by(view: &StepView, demonstration: bool) -> Option<String> {
    let provider = view.provider.as_deref()?;
    if provider == "extractive" {
        return Some("The extractive writer: sentences picked from the transcript".to_owned());
    }
    let Some(model) = view.model.as_deref() else { return Some(provider.to_owned()) };
    let warning = if demonstration && model.starts_with("demo-") { ", a demonstration model" } else { "" };
    Some(format!("{provider}, {model}{warning}"))
}

/// What a screen reader is told when it changes. It names the step, not the progress, so that it does not speak each second.
pub fn summary(steps: &[StepView]) -> String {
    let first = steps.iter().find(|view| view.status != StepStatus::Done);
    match first {
        None => "Every step is done.".to_owned(),
        Some(view) => format!("{}: {}", step(view.step), step_status(view.status).to_lowercase()),
    }
}

/// What happened to an order.
pub fn order_event(kind: OrderEventKind) -> &'static str {
    match kind {
        OrderEventKind::Placed => "Placed",
        OrderEventKind::Paid => "Paid",
        OrderEventKind::Fulfilled => "Delivered",
        OrderEventKind::Declined => "Declined",
        OrderEventKind::Cancelled => "Cancelled",
        OrderEventKind::LateCharge => "Charged too late",
        OrderEventKind::RefundAsked => "Asked to be paid back",
        OrderEventKind::Refunded => "Paid back",
        OrderEventKind::RefundRefused => "Refund refused",
        OrderEventKind::DisputeOpened => "The buyer’s bank wants the money back",
        OrderEventKind::DisputeWon => "The bank decided for the shop",
        OrderEventKind::DisputeLost => "The bank decided for the buyer",
        OrderEventKind::Mailed => "Mail to the buyer",
        OrderEventKind::ReceiptSent => "Receipt sent again",
        OrderEventKind::GiftSent => "Gift sent",
        OrderEventKind::GiftResent => "Gift to be sent again",
        OrderEventKind::GiftRedeemed => "Gift accepted",
        OrderEventKind::Note => "Note",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view(step: Step, status: StepStatus) -> StepView {
        StepView {
            step,
            status,
            progress_permille: 0,
            attempt: 1,
            message: None,
            provider: Some("whisper.cpp 1.8.3".to_owned()),
            model: Some("demo-asr.bin".to_owned()),
            coverage_permille: None,
            started_at: None,
            finished_at: None,
            time_left_ms: None,
            makers: Vec::new(),
            passed_over: Vec::new(),
        }
    }

    #[test]
    fn a_demonstration_model_is_called_one() {
        let heard = view(Step::Transcribe, StepStatus::Done);
        assert_eq!(made_by(&heard, true).unwrap(), "whisper.cpp 1.8.3, demo-asr.bin, a demonstration model");
        let real = StepView { model: Some("base.en".to_owned()), ..heard.clone() };
        assert_eq!(made_by(&real, true).unwrap(), "whisper.cpp 1.8.3, base.en");
        assert_eq!(made_by(&StepView { provider: None, ..heard }, true), None);
    }

    #[test]
    fn the_summary_names_the_first_step_that_is_not_done() {
        let mut steps = vec![view(Step::Upload, StepStatus::Done), view(Step::Probe, StepStatus::Failed)];
        assert_eq!(summary(&steps), "Look into the files: failed");
        steps[1].status = StepStatus::Done;
        assert_eq!(summary(&steps), "Every step is done.");
    }

    #[test]
    fn nothing_is_called_whole_that_is_not() {
        assert_eq!((per_cent(999), per_cent(1000)), ("99 %".to_owned(), "100 %".to_owned()));
    }
}
