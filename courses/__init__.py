"""A course of IPT from referral to ending: programme, status, allocation, agreed focus."""
