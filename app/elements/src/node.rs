//! An element in the page, and how it becomes what the next view wants it to be.

use leptos::prelude::{AddAnyAttr, AnyView, Mountable, Render, RenderEffect, RenderHtml};
use leptos::tachys::html::attribute::Attribute;
use leptos::tachys::html::attribute::any_attribute::{AnyAttribute, AnyAttributeState, IntoAnyAttribute};
use leptos::tachys::hydration::Cursor;
use leptos::tachys::renderer::{CastFrom, RemoveEventHandler, Rndr, types};
use leptos::tachys::view::{Position, PositionState};

use crate::element::{Element, Listener, Part, Target};
use crate::setting::{Setting, Value};

/// An element that was built.
pub struct Built {
    element: types::Element,
    tag: &'static str,
    children: Vec<<AnyView as Render>::State>,
    held: Vec<Held>,
}

/// What keeps a part of a tag in force; dropped, it no longer is.
enum Held {
    Fixed(Target, &'static str, Value),
    Following(Target, &'static str, RenderEffect<Value>),
    Listener { _remove: RemoveEventHandler<types::Element> },
    Added { _state: AnyAttributeState },
}

impl Held {
    fn is(&self, target: Target, name: &str) -> bool {
        match self {
            Self::Fixed(of, called, _) | Self::Following(of, called, _) => *of == target && *called == name,
            Self::Listener { .. } | Self::Added { .. } => false,
        }
    }

    /// The value that is in force, and an end to following.
    fn into_value(self) -> Option<Value> {
        match self {
            Self::Fixed(_, _, value) => Some(value),
            Self::Following(_, _, effect) => effect.take_value(),
            Self::Listener { .. } | Self::Added { .. } => None,
        }
    }

    /// Takes back what it set, since the next view does not set it.
    fn undo(self, element: &types::Element) {
        match self {
            Self::Fixed(target, name, _) | Self::Following(target, name, _) if target != Target::Property => {
                set(element, target, name, &Value::Absent);
            }
            _ => {}
        }
    }
}

fn set(element: &types::Element, target: Target, name: &'static str, value: &Value) {
    match (target, value) {
        (Target::Attribute, Value::Absent) => Rndr::remove_attribute(element, name),
        (Target::Attribute, Value::Present) => Rndr::set_attribute(element, name, ""),
        (Target::Attribute, Value::Text(text)) => Rndr::set_attribute(element, name, text),
        (Target::Class, Value::Absent) => Rndr::remove_class(&Rndr::class_list(element), name),
        (Target::Class, _) => Rndr::add_class(&Rndr::class_list(element), name),
        (Target::Property, value) => Rndr::set_property_or_value(element, name, &value.clone().into_js()),
    }
}

/// Puts a part of a tag in force, where `before` was in force until now.
fn apply(element: &types::Element, part: Part, before: Option<Value>) -> Option<Held> {
    match part {
        Part::Set(target, name, Setting::Fixed(value)) => {
            // What is not there need not be taken away from a new element.
            if before.as_ref().unwrap_or(&Value::Absent) != &value || target == Target::Property {
                set(element, target, name, &value);
            }
            Some(Held::Fixed(target, name, value))
        }
        Part::Set(target, name, Setting::Following(mut value)) => {
            let element = element.clone();
            let follow = move |before: Option<Value>| {
                let now = value();
                if before.as_ref() != Some(&now) {
                    set(&element, target, name, &now);
                }
                now
            };
            Some(Held::Following(target, name, RenderEffect::new_with_value(follow, before)))
        }
        Part::On(listener) => Some(Held::Listener { _remove: listen(element, listener) }),
        Part::Found(tell) => {
            tell(element);
            None
        }
        Part::Added(attribute) => Some(Held::Added { _state: attribute.build(element) }),
    }
}

fn listen(element: &types::Element, listener: Listener) -> RemoveEventHandler<types::Element> {
    let Listener { name, capture, owner, handler } = listener;
    let mut handler = handler.take();
    let handler = Box::new(move |event: types::Event| owner.with(|| handler(event)));
    if capture {
        Rndr::add_event_listener_use_capture(element, &name, handler)
    } else {
        Rndr::add_event_listener(element, &name, handler)
    }
}

impl Render for Element {
    type State = Built;

    fn build(self) -> Built {
        let element = Rndr::create_element(self.tag, self.namespace);
        let held = self.parts.into_iter().filter_map(|part| apply(&element, part, None)).collect();
        let mut children: Vec<_> = self.children.into_iter().map(Render::build).collect();
        for child in &mut children {
            child.mount(&element, None);
        }
        Built { element, tag: self.tag, children, held }
    }

    /// The element stays, with whatever the person typed into it and the focus, as long as its tag does.
    fn rebuild(self, built: &mut Built) {
        if self.tag != built.tag || self.children.len() != built.children.len() {
            let mut new = self.build();
            built.insert_before_this(&mut new);
            built.unmount();
            *built = new;
            return;
        }
        let mut old: Vec<Held> = std::mem::take(&mut built.held);
        // Listeners go before others come.
        old.retain(|held| !matches!(held, Held::Listener { .. } | Held::Added { .. }));
        for part in self.parts {
            let before = match &part {
                Part::Set(target, name, _) => old.iter().position(|held| held.is(*target, name)),
                _ => None,
            };
            let before = before.and_then(|place| old.remove(place).into_value());
            built.held.extend(apply(&built.element, part, before));
        }
        for left in old {
            left.undo(&built.element);
        }
        for (child, state) in self.children.into_iter().zip(&mut built.children) {
            child.rebuild(state);
        }
    }
}

impl Mountable for Built {
    fn unmount(&mut self) {
        Rndr::remove(&self.element);
    }

    fn mount(&mut self, parent: &types::Element, marker: Option<&types::Node>) {
        Rndr::insert_node(parent, &self.element, marker);
    }

    fn try_mount(&mut self, parent: &types::Element, marker: Option<&types::Node>) -> bool {
        Rndr::try_insert_node(parent, &self.element, marker)
    }

    fn insert_before_this(&self, child: &mut dyn Mountable) -> bool {
        let Some(parent) = Rndr::get_parent(&self.element).and_then(types::Element::cast_from) else { return false };
        child.mount(&parent, Some(&self.element));
        true
    }

    fn elements(&self) -> Vec<types::Element> {
        vec![self.element.clone()]
    }
}

impl AddAnyAttr for Element {
    type Output<A: Attribute> = Element;

    fn add_any_attr<A: Attribute>(self, attribute: A) -> Element {
        self.added(attribute.into_cloneable_owned().into_any_attr())
    }
}

/// Only in a browser is anything rendered.
impl RenderHtml for Element {
    type AsyncOutput = Self;
    type Owned = Self;

    const MIN_LENGTH: usize = 0;

    fn dry_resolve(&mut self) {}

    async fn resolve(self) -> Self {
        self
    }

    fn to_html_with_buf(self, _: &mut String, _: &mut Position, _: bool, _: bool, _: Vec<AnyAttribute>) {}

    fn hydrate<const FROM_SERVER: bool>(self, _: &Cursor, _: &PositionState) -> Built {
        self.build()
    }

    fn into_owned(self) -> Self {
        self
    }
}
