"""The engine `edge`: Microsoft's online voices, through the edge-tts client."""
