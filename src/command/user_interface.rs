//! Theme User Interface: the keyboard. There is none, so no key is held down.

commands! {
    /// Whether the Shift key is down: never.
    543 "Shift down" () thread_safe => || false;
    /// Whether the Control key of macOS is down: never.
    544 "Macintosh control down" () thread_safe => || false;
    /// Whether the Option key of macOS is down: never.
    545 "Macintosh option down" () thread_safe => || false;
    /// Whether the Command key of macOS is down: never.
    546 "Macintosh command down" () thread_safe => || false;
    /// Whether Caps Lock is down: never.
    547 "Caps lock down" () thread_safe => || false;
    /// Whether the Ctrl key of Windows is down: never.
    562 "Windows Ctrl down" () thread_safe => || false;
    /// Whether the Alt key of Windows is down: never.
    563 "Windows Alt down" () thread_safe => || false;
}
