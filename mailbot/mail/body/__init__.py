"""What the body of a message shows its reader, and whose words stand in it. No headers, no machines, no meaning."""
