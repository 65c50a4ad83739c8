"""The exchanges of a run as its HTTP tab shows them: the list, its query, the details of one."""
