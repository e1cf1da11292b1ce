//%attributes = {"preemptive":"capable"}
// The process goes on with the next statement.
