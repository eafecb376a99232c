//! Tags and attributes by their names, as the macro `view!` calls them.

use crate::{element::Element, setting::IntoSetting};

/// HTML's tags.
pub mod html {
    use super::Element;

    macro_rules! tags {
        ($($tag:ident)*) => {$(
            #[doc = concat!("`<", stringify!($tag), ">`")]
            pub fn $tag() -> Element {
                Element::new(stringify!($tag), None)
            }
        )*};
    }

    tags! {
        area base br col embed hr img input link meta source track wbr a abbr address article aside audio b bdi bdo
        blockquote body button canvas caption cite code colgroup data datalist dd del details dfn dialog div dl dt em
        fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 head header hgroup html i iframe ins kbd label
        legend li main map mark menu meter nav noscript object ol optgroup option output p picture portal pre
        progress q rp rt ruby s samp script search section select slot small span strong style sub summary sup table
        tbody td template textarea tfoot th thead time title tr u ul var video
    }
}

/// SVG's tags.
pub mod svg {
    use super::Element;

    const NAMESPACE: &str = "http://www.w3.org/2000/svg";

    macro_rules! tags {
        ($($tag:ident)*) => {$(
            #[doc = concat!("`<", stringify!($tag), ">`")]
            #[allow(non_snake_case)]
            pub fn $tag() -> Element {
                Element::new(stringify!($tag), Some(NAMESPACE))
            }
        )*};
    }

    tags! {
        a animate circle defs desc ellipse filter g image line linearGradient marker mask metadata path pattern
        polygon polyline radialGradient rect stop svg symbol text textPath title tspan view
    }
}

macro_rules! attributes {
    ($($name:ident)* ; $($other:ident $html:literal,)*) => {
        impl Element {
            $(
                #[doc = concat!("`", stringify!($name), "`")]
                pub fn $name(self, value: impl IntoSetting) -> Self {
                    self.attr(stringify!($name), value)
                }
            )*
            $(
                #[doc = concat!("`", $html, "`")]
                pub fn $other(self, value: impl IntoSetting) -> Self {
                    self.attr($html, value)
                }
            )*
        }
    };
}

attributes! {
    abbr accept accesskey action align allow allowfullscreen allowpaymentrequest alt r#as r#async attributionsrc
    autocapitalize autocomplete autofocus autoplay background bgcolor blocking border buffered capture challenge
    closedby charset checked cite code color cols colspan command commandfor content contenteditable contextmenu
    controls controlslist coords crossorigin csp data datetime decoding default defer dir dirname disabled
    disablepictureinpicture disableremoteplayback download draggable elementtiming enctype enterkeyhint exportparts
    fetchpriority r#for form formaction formenctype formmethod formnovalidate formtarget headers height hidden high
    href hreflang icon id imagesizes imagesrcset importance inert inputmode integrity intrinsicsize is ismap itemid
    itemprop itemref itemscope itemtype keytype kind label lang language list loading r#loop low manifest max
    maxlength media method min minlength multiple muted name nomodule nonce novalidate open optimum part pattern ping
    placeholder playsinline popover popovertarget popovertargetaction poster preload radiogroup readonly
    referrerpolicy rel required reversed role rows rowspan sandbox scope scoped selected shape size sizes slot span
    spellcheck src srcdoc srclang srcset start step summary tabindex target title translate r#type usemap value
    virtualkeyboardpolicy width wrap onabort onautocomplete onautocompleteerror onblur oncancel oncanplay
    oncanplaythrough onchange onclick onclose oncontextmenu oncuechange ondblclick ondrag ondragend ondragenter
    ondragleave ondragover ondragstart ondrop ondurationchange onemptied onended onerror onfocus onformdata oninput
    oninvalid onkeydown onkeypress onkeyup onlanguagechange onload onloadeddata onloadedmetadata onloadstart
    onmousedown onmouseenter onmouseleave onmousemove onmouseout onmouseover onmouseup onpause onplay onplaying
    onprogress onratechange onreset onresize onscroll onsecuritypolicyviolation onseeked onseeking onselect
    onslotchange onstalled onsubmit onsuspend ontimeupdate ontoggle onvolumechange onwaiting onwebkitanimationend
    onwebkitanimationiteration onwebkitanimationstart onwebkittransitionend onwheel accent accentunder columnalign
    columnlines columnspacing columnspan depth display displaystyle fence frame framespacing linethickness lspace
    mathbackground mathcolor mathsize mathvariant maxsize minsize movablelimits notation rowalign rowlines rowspacing
    rspace scriptlevel separator stretchy symmetric voffset xmlns
    ;
    accept_charset "accept-charset", aria_activedescendant "aria-activedescendant", aria_atomic "aria-atomic",
    aria_autocomplete "aria-autocomplete", aria_busy "aria-busy", aria_checked "aria-checked",
    aria_colcount "aria-colcount", aria_colindex "aria-colindex", aria_colspan "aria-colspan",
    aria_controls "aria-controls", aria_current "aria-current", aria_describedby "aria-describedby",
    aria_description "aria-description", aria_details "aria-details", aria_disabled "aria-disabled",
    aria_dropeffect "aria-dropeffect", aria_errormessage "aria-errormessage", aria_expanded "aria-expanded",
    aria_flowto "aria-flowto", aria_grabbed "aria-grabbed", aria_haspopup "aria-haspopup", aria_hidden "aria-hidden",
    aria_invalid "aria-invalid", aria_keyshortcuts "aria-keyshortcuts", aria_label "aria-label",
    aria_labelledby "aria-labelledby", aria_live "aria-live", aria_modal "aria-modal",
    aria_multiline "aria-multiline", aria_multiselectable "aria-multiselectable",
    aria_orientation "aria-orientation", aria_owns "aria-owns", aria_placeholder "aria-placeholder",
    aria_posinset "aria-posinset", aria_pressed "aria-pressed", aria_readonly "aria-readonly",
    aria_relevant "aria-relevant", aria_required "aria-required", aria_roledescription "aria-roledescription",
    aria_rowcount "aria-rowcount", aria_rowindex "aria-rowindex", aria_rowspan "aria-rowspan",
    aria_selected "aria-selected", aria_setsize "aria-setsize", aria_sort "aria-sort", aria_valuemax "aria-valuemax",
    aria_valuemin "aria-valuemin", aria_valuenow "aria-valuenow", aria_valuetext "aria-valuetext",
    http_equiv "http-equiv",
}
