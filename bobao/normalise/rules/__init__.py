"""The rules, one family to a file.

Each rule looks at one place of the text and makes a token, or declines with None.
`bobao.normalise.dispatch` says which rules are asked where, and in what order.
"""
