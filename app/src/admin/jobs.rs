//! Work in the background: what waits, what runs, what was given up. What is asked for stands in the address.

use super::frame::Frame;
use crate::api::jobs::{CancelJob, Jobs, RequeueJob, RequeueKind, jobs};
use crate::components::empty::Empty;
use crate::components::failure::outcome;
use crate::components::pager::Pager;
use crate::components::skeleton::PageSkeleton;
use crate::components::tags::Title;
use crate::components::text::count;
use domain::Timestamp;
use domain::jobs::{JobStatus, JobView, KindCounts};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use leptos_router::location::Url;

/// The statuses that can be asked for, and how they are called.
const SHOWN: [(JobStatus, &str); 5] = [
    (JobStatus::Dead, "Given up"),
    (JobStatus::Queued, "Waiting"),
    (JobStatus::Running, "Running"),
    (JobStatus::Done, "Done"),
    (JobStatus::Cancelled, "Called off"),
];

#[derive(Clone, Debug, PartialEq, Eq)]
struct Wanted {
    status: JobStatus,
    kind: String,
    page: u32,
}

impl Wanted {
    fn address(&self, page: u32) -> String {
        format!("/admin/jobs?status={}&kind={}&page={page}", self.status.name(), Url::escape(&self.kind))
    }
}

#[derive(Clone, Copy)]
struct Actions {
    requeue: ServerAction<RequeueJob>,
    requeue_kind: ServerAction<RequeueKind>,
    cancel: ServerAction<CancelJob>,
}

#[component]
pub fn JobsPage() -> impl IntoView {
    let query = use_query_map();
    let wanted = Memo::new(move |_| {
        let query = query.read();
        let text = |name| query.get_str(name).unwrap_or_default().trim().to_owned();
        Wanted {
            status: JobStatus::from_name(&text("status")).unwrap_or(JobStatus::Dead),
            kind: text("kind"),
            page: text("page").parse().unwrap_or(1),
        }
    });
    let actions =
        Actions { requeue: ServerAction::new(), requeue_kind: ServerAction::new(), cancel: ServerAction::new() };
    let changes =
        move || (actions.requeue.version().get(), actions.requeue_kind.version().get(), actions.cancel.version().get());
    let read = Resource::new(
        move || (wanted.get(), changes()),
        |(wanted, _)| jobs(wanted.status.name().to_owned(), wanted.kind, wanted.page),
    );
    view! {
        <Transition fallback=PageSkeleton>
            {move || Suspend::new(async move {
                outcome(read.await, move |found| view! { <Queue found wanted=wanted.get_untracked() actions /> })
            })}
        </Transition>
    }
}

#[component]
fn Queue(found: Jobs, wanted: Wanted, actions: Actions) -> impl IntoView {
    let (number, pages, total) = (found.page.number, found.page.count(), found.page.total);
    let list = if found.page.items.is_empty() {
        let title = match wanted.status {
            JobStatus::Dead => "Nothing was given up",
            JobStatus::Queued => "Nothing waits",
            JobStatus::Running => "Nothing runs",
            JobStatus::Done | JobStatus::Cancelled => "Nothing here",
        };
        view! { <Empty title><p>"Jobs that ended are forgotten after a while."</p></Empty> }.into_any()
    } else {
        view! {
            <ul class="divide-y divide-line border-y border-line" data-testid="jobs">
                {found.page.items.into_iter().map(|job| view! { <Job job actions /> }).collect_view()}
            </ul>
        }
        .into_any()
    };
    let asked = wanted.clone();
    view! {
        <Title text="Jobs" />
        <Frame heading="Jobs".to_owned()>
            <p class="mt-2 max-w-prose text-soft">
                "What the shop does in the background. A job that fails is tried again for a while, then given up: then somebody has to look at it."
            </p>
            <Refused actions />
            <Kinds counts=found.counts actions />
            <nav class="mt-8 flex flex-wrap gap-2" aria-label="Status">
                {SHOWN
                    .map(|(status, words)| {
                        let current = (status == wanted.status).then_some("page");
                        let to = Wanted { status, kind: wanted.kind.clone(), page: 1 }.address(1);
                        view! { <a class="chip" href=to aria-current=current>{words}</a> }
                    })
                    .collect_view()}
                {(!wanted.kind.is_empty())
                    .then(|| {
                        let all = Wanted { kind: String::new(), ..wanted.clone() }.address(1);
                        view! { <a class="chip" href=all>{format!("Only {} ×", wanted.kind)}</a> }
                    })}
            </nav>
            <p class="mt-6 text-soft" role="status">{count(total, "job", "jobs")}</p>
            <h2 class="sr-only">"Found"</h2>
            <div class="mt-3">{list}</div>
            <Pager number count=pages address=move |page| asked.address(page) />
        </Frame>
    }
}

/// Why the last thing that was asked for was not done.
#[component]
fn Refused(actions: Actions) -> impl IntoView {
    let refused = move || {
        let one = actions.requeue.value().get().and_then(Result::err);
        let kind = actions.requeue_kind.value().get().and_then(Result::err);
        one.or(kind).or(actions.cancel.value().get().and_then(Result::err)).map(|error| error.to_string())
    };
    move || refused().map(|sentence| view! { <p class="alert mt-6" role="alert">{sentence}</p> })
}

/// What there is of each kind.
#[component]
fn Kinds(counts: Vec<KindCounts>, actions: Actions) -> impl IntoView {
    if counts.is_empty() {
        return view! { <p class="mt-8 text-soft">"Nothing waits, nothing runs, and nothing was given up."</p> }
            .into_any();
    }
    view! {
        <div class="mt-8 overflow-x-auto" tabindex="0" role="region" aria-label="Kinds of jobs">
            <table class="w-full text-left text-sm">
                <thead class="border-b border-line-strong">
                    <tr>
                        {["Kind", "Waiting", "Running", "Given up", "Waiting since (UTC)", ""]
                            .map(|heading| view! { <th class="py-2 pr-4 font-semibold" scope="col">{heading}</th> })
                            .collect_view()}
                    </tr>
                </thead>
                <tbody class="divide-y divide-line">
                    {counts.into_iter().map(|counts| view! { <KindRow counts actions /> }).collect_view()}
                </tbody>
            </table>
        </div>
    }
    .into_any()
}

#[component]
fn KindRow(counts: KindCounts, actions: Actions) -> impl IntoView {
    let KindCounts { kind, waiting, running, dead, oldest_waiting } = counts;
    let (known, again, row) = (kind.clone(), kind.clone(), kind.clone());
    let of = |status: JobStatus, number: u64| {
        let to = Wanted { status, kind: known.clone(), page: 1 }.address(1);
        match number {
            0 => view! { <span class="text-soft">"0"</span> }.into_any(),
            number => view! { <a class="link" href=to>{number}</a> }.into_any(),
        }
    };
    let links = (of(JobStatus::Queued, waiting), of(JobStatus::Running, running), of(JobStatus::Dead, dead));
    let requeue = (dead > 0).then(|| {
        view! {
            <ActionForm action=actions.requeue_kind>
                <input type="hidden" name="kind" value=again />
                <button class="button button-quiet button-small" type="submit">"Put all back"</button>
            </ActionForm>
        }
    });
    view! {
        <tr data-kind=row>
            <th class="py-2 pr-4 font-mono font-normal" scope="row">{kind}</th>
            <td class="py-2 pr-4 tabular-nums">{links.0}</td>
            <td class="py-2 pr-4 tabular-nums">{links.1}</td>
            <td class="py-2 pr-4 tabular-nums" class=("text-danger", dead > 0)>{links.2}</td>
            <td class="py-2 pr-4 whitespace-nowrap tabular-nums">{oldest_waiting.map(time)}</td>
            <td class="py-2">{requeue}</td>
        </tr>
    }
}

#[component]
fn Job(job: JobView, actions: Actions) -> impl IntoView {
    let about = job.group.as_deref().and_then(|group| group.strip_prefix("title:")).map(|id| {
        view! { " · " <a class="link" href=format!("/admin/titles/{id}")>"its title"</a> }
    });
    let tries = tries(begun(&job), job.failures, job.max_attempts);
    let worker = job.worker.clone().map(|worker| format!(" · at {worker}"));
    let (action, words) = match job.status {
        JobStatus::Dead => (
            view! {
                <ActionForm action=actions.requeue>
                    <input type="hidden" name="id" value=job.id.to_string() />
                    <button class="button button-quiet button-small" type="submit">"Put back"</button>
                </ActionForm>
            }
            .into_any(),
            "given up",
        ),
        JobStatus::Queued | JobStatus::Running => (
            view! {
                <ActionForm action=actions.cancel>
                    <input type="hidden" name="id" value=job.id.to_string() />
                    <button class="button button-quiet button-small" type="submit">"Call off"</button>
                </ActionForm>
            }
            .into_any(),
            if job.status == JobStatus::Queued { "to run" } else { "begun" },
        ),
        JobStatus::Done => (().into_any(), "done"),
        JobStatus::Cancelled => (().into_any(), "called off"),
    };
    let at = match job.status {
        JobStatus::Queued => job.run_at,
        _ => job.finished_at.unwrap_or(job.updated_at),
    };
    view! {
        <li class="flex flex-wrap items-start justify-between gap-x-4 gap-y-2 py-3" data-job=job.id.to_string()>
            <div class="min-w-0">
                <h3 class="font-mono text-sm font-semibold break-all">{job.kind}</h3>
                <p class="text-sm text-soft">
                    "Asked for " {time(job.created_at)} " · " {words} " " {time(at)} {about}
                </p>
                <p class="text-sm text-soft">{tries} {worker}</p>
                {job.last_error.map(|error| view! { <p class="mt-1 text-sm text-danger break-words">{error}</p> })}
            </div>
            {action}
        </li>
    }
}

/// How often a job was begun, and how often it failed of the times it may.
fn tries(begun: u64, failures: i32, most: i32) -> String {
    match (begun, failures) {
        (0, _) => "Not tried yet".to_owned(),
        (begun, 0) => count(begun, "try", "tries"),
        (begun, failures) if begun == u64::from(failures.unsigned_abs()) => {
            format!("{failures} of {most} tries failed")
        }
        (begun, failures) => format!("{}, {failures} of at most {most} failed", count(begun, "try", "tries")),
    }
}

fn begun(job: &JobView) -> u64 {
    u64::try_from(job.attempt).unwrap_or(0)
}

fn time(at: Timestamp) -> impl IntoView {
    let exact = at.rfc3339();
    let read = exact.replace('T', " ").replace('Z', "");
    view! { <time datetime=exact>{read}</time> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turning_the_page_keeps_what_was_asked_for() {
        let wanted = Wanted { status: JobStatus::Queued, kind: "mail.send".to_owned(), page: 1 };
        assert_eq!(wanted.address(2), "/admin/jobs?status=queued&kind=mail%2Esend&page=2");
    }
}
