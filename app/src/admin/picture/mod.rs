//! The cover of a title or the portrait of a contributor: what there is, another one, none.

#[cfg(feature = "hydrate")]
mod send;

use crate::AppError;
use crate::api::pictures::{PictureFacts, RemovePicture, UseEmbeddedCover, picture};
use crate::components::failure::FormError;
use crate::components::field::FormState;
use crate::components::picture::{Art, Picture};
use crate::paths;
use domain::catalog::Cover;
use domain::catalog::covers::{CoverSource, PictureOf, PictureView, SIDES};
use leptos::ev::SubmitEvent;
use leptos::html;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use std::time::Duration;

/// What the browser offers first; the shop looks at the content.
const ACCEPTED: &str = "image/jpeg,image/png,image/webp,image/gif,image/bmp";
/// How often the shop is asked while sizes are being made.
const SOON: Duration = Duration::from_secs(1);

/// What became of a picture that was sent with JavaScript.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(not(feature = "hydrate"), expect(dead_code, reason = "only a browser sends"))]
enum Sent {
    Nothing,
    OnItsWay,
    Kept,
    /// Why not.
    Refused(String),
}

/// What is being done, on the page.
#[derive(Clone, Copy)]
struct Desk {
    of: StoredValue<PictureOf>,
    remove: ServerAction<RemovePicture>,
    embedded: ServerAction<UseEmbeddedCover>,
    sent: RwSignal<Sent>,
    /// Counts the looks at the shop.
    looks: RwSignal<u32>,
    heading: NodeRef<html::H2>,
}

/// The panel. It is read again whenever `changes` does: a cover is drawn from what the title's form holds.
#[component]
pub fn PicturePanel(of: PictureOf, #[prop(optional, into)] changes: Signal<String>) -> impl IntoView {
    let query = use_query_map();
    let refused = query.with_untracked(|query| query.get_str("picture-refused").unwrap_or_default().to_owned());
    let desk = Desk {
        of: StoredValue::new(of),
        remove: ServerAction::new(),
        embedded: ServerAction::new(),
        sent: RwSignal::new(Sent::Nothing),
        looks: RwSignal::new(0),
        heading: NodeRef::new(),
    };
    let read = Resource::new(
        move || (changes.get(), desk.remove.version().get(), desk.embedded.version().get(), desk.looks.get()),
        move |_| picture(of.family().to_owned(), of.id(), refused.clone()),
    );
    // The button that was pressed may go away: the focus stays near.
    Effect::new(move |before: Option<()>| {
        let _ = (desk.remove.version().get(), desk.embedded.version().get());
        if before.is_some()
            && let Some(heading) = desk.heading.get_untracked()
        {
            heading.focus().ok();
        }
    });
    let heading = match of {
        PictureOf::Title(_) => "Cover",
        PictureOf::Contributor(_) => "Portrait",
    };
    view! {
        <section class="panel space-y-4 p-5" id="picture" aria-labelledby="picture-heading" data-testid="picture">
            <h2 class="text-xl" id="picture-heading" tabindex="-1" node_ref=desk.heading>{heading}</h2>
            <Transition fallback=|| view! { <div class="aspect-square w-full animate-pulse rounded-sm bg-sunken"></div> }>
                {move || Suspend::new(async move { shown(desk, read.await) })}
            </Transition>
        </section>
    }
}

fn shown(desk: Desk, read: Result<PictureFacts, AppError>) -> AnyView {
    match read {
        Err(error) => view! { <p class="alert" role="alert">{error.to_string()}</p> }.into_any(),
        Ok(PictureFacts { view, refused }) => {
            if view.pending() {
                look_again(desk);
            }
            view! {
                <Now desk view=view.clone() />
                <Another desk refused=refused.clone() has_one=view.source.is_some() />
                <Ways desk view />
            }
            .into_any()
        }
    }
}

/// Asks again in a moment. Only a browser waits.
fn look_again(desk: Desk) {
    Effect::new(move |_| {
        set_timeout(move || desk.looks.try_update(|looks| *looks += 1).unwrap_or_default(), SOON);
    });
}

/// What there is now.
#[component]
fn Now(desk: Desk, view: PictureView) -> impl IntoView {
    let of = desk.of.get_value();
    let PictureView { slug, name, source, made, version, .. } = view;
    let says = match (of, source) {
        (PictureOf::Title(_), None) => "Drawn from title and authors.",
        (PictureOf::Contributor(_), None) => "There is no portrait yet.",
        (_, Some(_)) if !made => "A new picture is being made ready; until then the page shows what it had.",
        (_, Some(CoverSource::Uploaded)) => "Uploaded here.",
        (_, Some(CoverSource::Embedded)) => "From the recording.",
        (_, Some(CoverSource::Folder)) => "From the folder of the recording.",
    };
    let state = if source.is_none() {
        "none"
    } else if made {
        "made"
    } else {
        "pending"
    };
    let picture = match of {
        PictureOf::Title(_) => {
            let art = Art::cover(&slug, Cover { uploaded: made, version });
            let alt = format!("Cover of {name}");
            let class = "aspect-square w-full rounded-sm bg-sunken object-contain shadow-sm ring-1 ring-line";
            Some(view! { <Picture art alt class sizes="18rem" first=true main=false /> }.into_any())
        }
        PictureOf::Contributor(_) => made.then(|| {
            let alt = format!("Portrait of {name}");
            let class = "mx-auto aspect-square w-40 rounded-full bg-sunken object-cover ring-1 ring-line";
            view! { <Picture art=Art::portrait(&slug, version) alt class sizes="10rem" first=true main=false /> }
                .into_any()
        }),
    };
    let sizes = made.then(|| {
        let links = SIDES.into_iter().map(|side| {
            let address = match of {
                PictureOf::Title(_) => paths::cover_size(&slug, version, side, "webp"),
                PictureOf::Contributor(_) => paths::portrait_size(&slug, version, side, "webp"),
            };
            view! { <li><a class="link inline-flex min-h-6 items-center" href=address rel="external">{format!("{side} px")}</a></li> }
        });
        view! { <ul class="flex flex-wrap gap-x-4 gap-y-1 text-sm" aria-label="Sizes">{links.collect_view()}</ul> }
    });
    view! {
        {picture}
        <p class="text-sm text-soft" role="status" data-testid="picture-source" data-state=state>{says}</p>
        {sizes}
    }
}

/// The form for another one. Without JavaScript it leads back here.
#[component]
fn Another(desk: Desk, refused: Option<String>, has_one: bool) -> impl IntoView {
    let on_its_way = move || desk.sent.get() == Sent::OnItsWay;
    let problem = move || match desk.sent.get() {
        Sent::Refused(why) => Some(why),
        Sent::Nothing => refused.clone(),
        Sent::OnItsWay | Sent::Kept => None,
    };
    let wrong = Memo::new(move |_| problem());
    view! {
        <form
            class="space-y-3"
            method="post"
            action=paths::upload_picture(desk.of.get_value())
            enctype="multipart/form-data"
            on:submit=move |event| send(&event, desk)
        >
            <div>
                <label class="font-semibold" for="picture-file">{if has_one { "Another picture" } else { "A picture" }}</label>
                <p class="text-sm text-soft" id="picture-file-hint">
                    "JPEG, PNG, WebP, GIF or BMP, up to 20 MB; best square and 1,280 pixels or more. What the file says beside its \
                     pixels, such as where it was taken, is left out."
                </p>
                <input
                    class="input mt-1 w-full max-w-full"
                    id="picture-file"
                    name="picture"
                    type="file"
                    accept=ACCEPTED
                    aria-describedby="picture-file-hint picture-file-error"
                    aria-invalid=move || wrong.read().is_some().then_some("true")
                />
                <p class="mt-1 text-sm font-medium text-danger empty:hidden" id="picture-file-error" role="alert">
                    {move || wrong.get()}
                </p>
            </div>
            <button class="button w-full" type="submit" disabled=on_its_way data-testid="picture-upload">
                {move || if on_its_way() { "Uploading…" } else { "Upload" }}
            </button>
        </form>
    }
}

/// What else can be done.
#[component]
fn Ways(desk: Desk, view: PictureView) -> impl IntoView {
    let of = desk.of.get_value();
    let removable = view.source.is_some();
    let words = match of {
        PictureOf::Title(_) => "Remove, and draw one",
        PictureOf::Contributor(_) => "Remove",
    };
    view! {
        <FormError message=FormState::of(desk.remove).refused() />
        <FormError message=FormState::of(desk.embedded).refused() />
        {view
            .in_recording
            .then(|| {
                view! {
                    <ActionForm action=desk.embedded>
                        <input type="hidden" name="id" value=of.id().to_string() />
                        <button class="button button-quiet w-full" type="submit" data-testid="picture-embedded">
                            "Use the one from the recording"
                        </button>
                    </ActionForm>
                }
            })}
        {removable
            .then(|| {
                view! {
                    <ActionForm action=desk.remove>
                        <input type="hidden" name="family" value=of.family() />
                        <input type="hidden" name="id" value=of.id().to_string() />
                        <button class="button button-quiet w-full" type="submit" data-testid="picture-remove">{words}</button>
                    </ActionForm>
                }
            })}
    }
}

/// Sends the form without leaving the page: what else is typed on it stays.
#[cfg(feature = "hydrate")]
fn send(event: &SubmitEvent, desk: Desk) {
    use leptos::wasm_bindgen::JsCast;
    let form = event.target().and_then(|form| form.dyn_into::<web_sys::HtmlFormElement>().ok());
    let Some(form) = form else { return };
    event.prevent_default();
    desk.sent.set(Sent::OnItsWay);
    let address = paths::upload_picture(desk.of.get_value());
    leptos::task::spawn_local(async move {
        let sent = send::form(&address, &form).await;
        if sent == Sent::Kept {
            form.reset();
        }
        // The page may have gone meanwhile.
        desk.sent.try_set(sent);
        desk.looks.try_update(|looks| *looks += 1);
    });
}

/// A server sends nothing.
#[cfg(not(feature = "hydrate"))]
fn send(_: &SubmitEvent, _: Desk) {}
