//! What shared objects and shared collections have in common: each is a reference to data that belongs
//! to a group, and may be kept beyond the program's end.

/// Gives a reference type over `Arc<Data>` with the fields `group` and `mark` the functions of a member.
macro_rules! member_of_a_group {
    ($type:ident, $what:literal) => {
        impl $type {
            pub(super) fn group(&self) -> &Arc<Group> {
                &self.0.group
            }

            pub(super) fn mark(&self) -> Option<&Mark> {
                self.0.mark.get()
            }

            pub(super) fn set_mark(&self, mark: Mark) {
                let _ = self.0.mark.set(mark);
            }

            /// `Use`: waits until no other process uses the group. Dropping the guard is `End use`.
            pub fn use_enter(&self, caller: Caller) -> Result<UseGuard> {
                self.0.group.enter(caller, &mut LastGroup::default())
            }

            /// The same for a process that remembers the group it used last.
            #[inline]
            pub fn use_enter_with(&self, caller: Caller, last: &mut LastGroup) -> Result<UseGuard> {
                self.0.group.enter(caller, last)
            }

            #[doc = concat!("Whether the process is in a `Use` that covers the ", $what, ".")]
            #[must_use]
            pub fn is_used_by(&self, process: ProcessId) -> bool {
                self.0.group.is_used_by(process)
            }

            /// The locking identifier: the same number for all members of a group.
            #[must_use]
            pub fn locking_identifier(&self) -> usize {
                self.0.group.number()
            }

            #[must_use]
            pub fn ptr_eq(&self, other: &Self) -> bool {
                Arc::ptr_eq(&self.0, &other.0)
            }

            #[doc = concat!("A number that no other living shared ", $what, " has.")]
            #[must_use]
            pub fn address(&self) -> usize {
                Arc::as_ptr(&self.0) as usize
            }
        }
    };
}
pub(super) use member_of_a_group;
