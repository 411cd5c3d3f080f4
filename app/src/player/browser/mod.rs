//! What the player needs of a browser. Everything here may be missing (private windows, old browsers): then nothing
//! happens. It compiles for the server too, which never calls it.

mod channel;
mod leaving;
pub mod media_session;
mod storage;

pub use channel::{announce_playing, when_another_plays};
pub use leaving::send_while_leaving;
pub use storage::{flag, keep, kept, set_flag, unsent};

use leptos::wasm_bindgen::closure::Closure;
use leptos::wasm_bindgen::{JsCast, JsValue};
use leptos::web_sys::js_sys::{Array, Date, Function, Object, Reflect, global};

/// This browser's clock, in milliseconds since 1970.
pub fn now_ms() -> i64 {
    Date::now() as i64
}

/// A property of the global object; `None` when there is none or it may not be read.
fn global_property(name: &str) -> Option<JsValue> {
    property(&global(), name)
}

fn property(of: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(of, &name.into()).ok().filter(|value| !value.is_undefined() && !value.is_null())
}

/// Calls a method; `None` when there is none or it throws.
fn call(of: &JsValue, method: &str, arguments: &[JsValue]) -> Option<JsValue> {
    let method = property(of, method)?.dyn_into::<Function>().ok()?;
    Reflect::apply(&method, of, &arguments.iter().collect::<Array>()).ok()
}

/// Makes an object of a class that the browser may not have.
fn construct(class: &str, arguments: &[JsValue]) -> Option<JsValue> {
    let class = global_property(class)?.dyn_into::<Function>().ok()?;
    Reflect::construct(&class, &arguments.iter().collect::<Array>()).ok()
}

/// Calls `act` should the promise come to nothing.
pub fn when_refused(promise: &JsValue, act: impl FnOnce() + 'static) {
    let act = Closure::once_into_js(move |_reason: JsValue| act());
    call(promise, "catch", &[act]);
}

fn object(properties: &[(&str, JsValue)]) -> JsValue {
    let object = Object::new();
    for (name, value) in properties {
        // Setting a property of a plain object cannot fail.
        Reflect::set(&object, &(*name).into(), value).ok();
    }
    object.into()
}
