//! An element before it is in the page.

use leptos::ev::EventDescriptor;
use leptos::html::ElementType;
use leptos::prelude::{AnyView, IntoAny, Owner, RenderHtml};
use leptos::tachys::html::attribute::any_attribute::AnyAttribute;
use leptos::tachys::html::node_ref::NodeRefContainer;
use leptos::tachys::renderer::types;
use send_wrapper::SendWrapper;

use crate::child::IntoRender;
use crate::setting::{IntoSetting, Setting};

/// A tag with what stands in and between it.
pub struct Element {
    pub(crate) tag: &'static str,
    pub(crate) namespace: Option<&'static str>,
    pub(crate) parts: Vec<Part>,
    pub(crate) children: Vec<AnyView>,
}

/// What stands in a tag.
pub(crate) enum Part {
    /// Something with a value.
    Set(Target, &'static str, Setting),
    /// What happens on an event.
    On(Listener),
    /// Whoever wants to know the element.
    Found(Box<dyn FnOnce(&types::Element) + Send>),
    /// Added by a component around it.
    Added(AnyAttribute),
}

/// What a value is put into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// An attribute.
    Attribute,
    /// One class among others: there, or not.
    Class,
    /// A property of the element's object.
    Property,
}

/// A handler with the owner of what it makes.
pub(crate) struct Listener {
    pub name: String,
    pub capture: bool,
    pub owner: Owner,
    pub handler: SendWrapper<Box<dyn FnMut(types::Event)>>,
}

impl Element {
    pub(crate) fn new(tag: &'static str, namespace: Option<&'static str>) -> Self {
        Self { tag, namespace, parts: Vec::new(), children: Vec::new() }
    }

    fn with(mut self, part: Part) -> Self {
        self.parts.push(part);
        self
    }

    /// Adds a child.
    pub fn child<C>(mut self, child: C) -> Self
    where
        C: IntoRender,
        C::Output: RenderHtml + Send,
    {
        self.children.push(child.into_render().into_any());
        self
    }

    /// Sets an attribute.
    pub fn attr(self, name: &'static str, value: impl IntoSetting) -> Self {
        self.with(Part::Set(Target::Attribute, name, value.into_setting()))
    }

    /// Sets the attribute `class`, or with a name and a condition one class among others.
    pub fn class(self, class: impl IntoClass) -> Self {
        let (target, name, setting) = class.into_class();
        self.with(Part::Set(target, name, setting))
    }

    /// Sets a property of the element's object.
    pub fn prop(self, name: &'static str, value: impl IntoSetting) -> Self {
        self.with(Part::Set(Target::Property, name, value.into_setting()))
    }

    /// Does something on an event.
    pub fn on<E>(self, event: E, mut handler: impl FnMut(E::EventType) + 'static) -> Self
    where
        E: EventDescriptor,
        E::EventType: From<types::Event>,
    {
        self.with(Part::On(Listener {
            name: event.name().into_owned(),
            capture: E::CAPTURE,
            owner: Owner::current().unwrap_or_default(),
            handler: SendWrapper::new(Box::new(move |event| handler(event.into()))),
        }))
    }

    /// Tells where the element is.
    pub fn node_ref<E, C>(self, node: C) -> Self
    where
        E: ElementType,
        C: NodeRefContainer<E> + Send + 'static,
    {
        self.with(Part::Found(Box::new(move |element| node.load(element))))
    }

    pub(crate) fn added(self, attribute: AnyAttribute) -> Self {
        self.with(Part::Added(attribute))
    }
}

/// What can stand on the right of `class=` and `class:name=`.
pub trait IntoClass {
    /// Where it goes, under which name, and what it is.
    fn into_class(self) -> (Target, &'static str, Setting);
}

impl<S: IntoSetting> IntoClass for S {
    fn into_class(self) -> (Target, &'static str, Setting) {
        (Target::Attribute, "class", self.into_setting())
    }
}

impl<S: IntoSetting> IntoClass for (&'static str, S) {
    fn into_class(self) -> (Target, &'static str, Setting) {
        (Target::Class, self.0, self.1.into_setting())
    }
}
