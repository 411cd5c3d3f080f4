//! The audit trail: what is asked for stands in the address.

use super::frame::Frame;
use crate::api::audit::{Lines, trail};
use crate::components::empty::Empty;
use crate::components::failure::outcome;
use crate::components::skeleton::PageSkeleton;
use crate::components::tags::Title;
use crate::paths;
use domain::audit::{Action, Event, Outcome};
use leptos::prelude::*;
use leptos_router::components::Form;
use leptos_router::hooks::use_query_map;
use leptos_router::location::Url;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Wanted {
    who: String,
    action: String,
    from: String,
    to: String,
    before: String,
}

impl Wanted {
    /// The address of `path` with what is asked for, without the place in the list.
    fn address(&self, path: &str) -> String {
        let [who, action, from, to] = [&self.who, &self.action, &self.from, &self.to].map(|text| Url::escape(text));
        format!("{path}?who={who}&action={action}&from={from}&to={to}")
    }
}

#[component]
pub fn AuditPage() -> impl IntoView {
    let query = use_query_map();
    let wanted = Memo::new(move |_| {
        let query = query.read();
        let text = |name| query.get_str(name).unwrap_or_default().trim().to_owned();
        Wanted { who: text("who"), action: text("action"), from: text("from"), to: text("to"), before: text("before") }
    });
    let read = Resource::new(
        move || wanted.get(),
        |wanted| trail(wanted.who, wanted.action, wanted.from, wanted.to, wanted.before),
    );
    view! {
        <Transition fallback=PageSkeleton>
            {move || Suspend::new(async move {
                outcome(read.await, move |lines| view! { <Trail lines wanted=wanted.get_untracked() /> })
            })}
        </Transition>
    }
}

#[component]
fn Trail(lines: Lines, wanted: Wanted) -> impl IntoView {
    let newest = wanted.address("/admin/audit");
    let older = lines.older.map(|place| format!("{newest}&before={place}"));
    let later_page = !wanted.before.is_empty();
    let csv = wanted.address("/admin/audit.csv");
    let found = if lines.events.is_empty() {
        view! {
            <Empty title="Nothing found">
                <p>"Try an address as a whole, another action, or other days."</p>
                <a class="button" href="/admin/audit">"Show everything"</a>
            </Empty>
        }
        .into_any()
    } else {
        view! { <Table events=lines.events /> }.into_any()
    };
    view! {
        <Title text="Audit trail" />
        <Frame heading="Audit trail".to_owned()>
            <p class="mt-2 max-w-prose text-soft">
                "Who did what, when and from where. Nothing here can be changed, and nothing taken away before it is a year old."
            </p>
            <Filters wanted />
            <div class="mt-8">{found}</div>
            <nav class="mt-8 flex flex-wrap items-center gap-4" aria-label="Pages">
                {later_page.then(|| view! { <a class="button button-quiet" href=newest>"Newest"</a> })}
                {older.map(|older| view! { <a class="button button-quiet" rel="next" href=older>"Older"</a> })}
                // The server answers with a file: the router stays out of it.
                <a class="link" rel="external" href=csv download="audit-trail.csv">"Download as CSV"</a>
            </nav>
        </Frame>
    }
}

#[component]
fn Filters(wanted: Wanted) -> impl IntoView {
    let chosen = wanted.action;
    let day = |name: &'static str, label: &'static str, value: String| {
        view! {
            <div>
                <label class="text-sm font-semibold" for=name>{label}</label>
                <input class="input mt-1" id=name type="date" name=name value=value />
            </div>
        }
    };
    view! {
        <Form action="/admin/audit" method="get" attr:class="mt-6 flex flex-wrap items-end gap-3" attr:role="search">
            <div class="min-w-0 flex-1 basis-56">
                <label class="text-sm font-semibold" for="who">"Who"</label>
                <input
                    class="input mt-1"
                    id="who"
                    type="search"
                    name="who"
                    value=wanted.who
                    placeholder="name@example.com"
                    autocomplete="off"
                    maxlength="254"
                />
            </div>
            <div>
                <label class="text-sm font-semibold" for="action">"Action"</label>
                <select class="input mt-1" id="action" name="action">
                    <option value="">"All"</option>
                    {Action::ALL
                        .iter()
                        .map(|action| {
                            view! { <option value=action.name() selected=chosen == action.name()>{action.words()}</option> }
                        })
                        .collect_view()}
                </select>
            </div>
            {day("from", "From", wanted.from)} {day("to", "To", wanted.to)}
            <button class="button button-quiet" type="submit">"Show"</button>
        </Form>
    }
}

#[component]
fn Table(events: Vec<Event>) -> impl IntoView {
    view! {
        // It may be wider than the window: then it is moved by itself, also by the keyboard.
        <div class="overflow-x-auto" tabindex="0" role="region" aria-label="The trail">
            <table class="w-full text-left text-sm">
                <thead class="border-b border-line-strong">
                    <tr>
                        {["When (UTC)", "Who", "What", "On", "From"]
                            .map(|heading| view! { <th class="py-2 pr-4 font-semibold" scope="col">{heading}</th> })
                            .collect_view()}
                    </tr>
                </thead>
                <tbody class="divide-y divide-line align-top">
                    {events.into_iter().map(|event| view! { <Line event /> }).collect_view()}
                </tbody>
            </table>
        </div>
    }
}

#[component]
fn Line(event: Event) -> impl IntoView {
    let at = event.at.rfc3339();
    let read = at.replace('T', " ").replace('Z', "");
    let words = event.words().to_owned();
    let refused = (event.outcome == Outcome::Refused).then(|| view! { <span class="text-danger">" (refused)"</span> });
    let details = (!event.details.is_empty()).then(|| {
        view! { <p class="max-w-md font-mono text-xs break-words text-soft">{event.details.clone()}</p> }
    });
    let machine = event.token_name.clone().map(|name| {
        view! { <p class="text-xs text-soft" data-testid="machine">"by the machine “" {name} "”"</p> }
    });
    let (kind, subject) = (event.subject_kind.unwrap_or_default(), event.subject.unwrap_or_default());
    let on = match kind.as_str() {
        "title" => view! { <a class="link" href=paths::admin_title(subject)>"title"</a> }.into_any(),
        "account" if subject.parse::<uuid::Uuid>().is_ok() => {
            view! { <a class="link" href=paths::admin_user(subject)>"account"</a> }.into_any()
        }
        _ => view! { {kind} " " <span class="break-all">{subject}</span> }.into_any(),
    };
    view! {
        <tr data-action=event.action.clone()>
            <td class="py-2 pr-4 whitespace-nowrap tabular-nums"><time datetime=at>{read}</time></td>
            <td class="py-2 pr-4 min-w-48 break-all">{event.who.clone()} {machine}</td>
            <td class="py-2 pr-4">{words} {refused} {details}</td>
            <td class="py-2 pr-4">{on}</td>
            <td class="py-2 pr-4">
                <span class="whitespace-nowrap">{event.ip}</span>
                <p class="max-w-xs text-xs break-words text-soft">{event.user_agent}</p>
            </td>
        </tr>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_download_is_of_what_is_shown() {
        let wanted = Wanted { who: "ada&bea".to_owned(), action: "title".to_owned(), ..Wanted::default() };
        assert_eq!(wanted.address("/admin/audit.csv"), "/admin/audit.csv?who=ada%26bea&action=title&from=&to=");
    }
}
