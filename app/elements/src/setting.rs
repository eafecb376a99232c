//! What attributes, toggled classes and properties are set to: fixed, or following signals.

use std::sync::Arc;

use leptos::oco::Oco;
use leptos::prelude::{Get, Memo, ReadSignal, RwSignal, Signal};
use wasm_bindgen::JsValue;

use crate::child::Reactive;

/// A value as the browser takes it.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Not there; `false`.
    Absent,
    /// There without a text; `true`.
    Present,
    /// A text.
    Text(Oco<'static, str>),
}

impl Value {
    /// As the value of a property.
    pub(crate) fn into_js(self) -> JsValue {
        match self {
            Self::Absent => JsValue::FALSE,
            Self::Present => JsValue::TRUE,
            Self::Text(text) => JsValue::from_str(&text),
        }
    }
}

/// What can stand on the right of `name=`, as it is now.
pub trait IntoValue {
    /// For the browser.
    fn into_value(self) -> Value;
}

/// A value and the values after it.
pub enum Setting {
    /// For good.
    Fixed(Value),
    /// Computed anew whenever a signal read in it changes.
    Following(Box<dyn FnMut() -> Value + Send>),
}

/// What can stand on the right of `name=`.
pub trait IntoSetting {
    /// For the element.
    fn into_setting(self) -> Setting;
}

/// Lets a type of one's own stand for another on the right of `name=`.
pub trait IntoAttributeValue {
    /// What it stands for.
    type Output;

    /// Turns into it.
    fn into_attribute_value(self) -> Self::Output;
}

impl<T: IntoSetting> IntoAttributeValue for T {
    type Output = T;

    fn into_attribute_value(self) -> T {
        self
    }
}

macro_rules! values {
    ($($kind:ty: $value:ident => $text:expr;)*) => {$(
        impl IntoValue for $kind {
            fn into_value(self) -> Value {
                let $value = self;
                $text
            }
        }

        impl IntoSetting for $kind {
            fn into_setting(self) -> Setting {
                Setting::Fixed(self.into_value())
            }
        }
    )*};
}

values! {
    &'static str: text => Value::Text(Oco::Borrowed(text));
    String: text => Value::Text(Oco::Counted(Arc::from(text)));
    Arc<str>: text => Value::Text(Oco::Counted(text));
    Oco<'static, str>: text => Value::Text(text);
    bool: there => if there { Value::Present } else { Value::Absent };
    u32: number => number.to_string().into_value();
    i32: number => number.to_string().into_value();
    usize: number => number.to_string().into_value();
    f64: number => number.to_string().into_value();
}

impl<T: IntoValue> IntoValue for Option<T> {
    fn into_value(self) -> Value {
        self.map_or(Value::Absent, T::into_value)
    }
}

impl<T: IntoValue> IntoSetting for Option<T> {
    fn into_setting(self) -> Setting {
        Setting::Fixed(self.into_value())
    }
}

impl<F, T> IntoSetting for F
where
    F: FnMut() -> T + Send + 'static,
    T: IntoValue,
{
    fn into_setting(mut self) -> Setting {
        Setting::Following(Box::new(move || self().into_value()))
    }
}

impl<T: IntoValue + 'static> IntoSetting for Reactive<T> {
    fn into_setting(self) -> Setting {
        let mut value = self.0;
        Setting::Following(Box::new(move || value().into_value()))
    }
}

impl<T: IntoValue + 'static> IntoSetting for Arc<dyn Fn() -> T + Send + Sync> {
    fn into_setting(self) -> Setting {
        Setting::Following(Box::new(move || self().into_value()))
    }
}

macro_rules! signals {
    ($($signal:ident)*) => {$(
        impl<T: IntoValue + Clone + Send + Sync + 'static> IntoSetting for $signal<T> {
            fn into_setting(self) -> Setting {
                Setting::Following(Box::new(move || self.get().into_value()))
            }
        }
    )*};
}

signals!(Signal RwSignal ReadSignal Memo);
