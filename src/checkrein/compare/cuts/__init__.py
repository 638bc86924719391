"""The cheapest cuts: what to take away so that a row could hold no more than it is meant to."""
