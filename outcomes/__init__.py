"""The instruments, the arithmetic of scores, responses and alerts."""
