-- The language server of bp for Neovim. vim.g.bplang_command says how it is started where bp is not
-- in the path: { "/home/ann/bin/bp", "lsp" }.
local M = {}

-- One server serves all scripts.
local client

local function map(keys, action)
  vim.keymap.set("n", keys, action, { buffer = true })
end

local function attached()
  vim.bo.omnifunc = "v:lua.vim.lsp.omnifunc"
  map("K", vim.lsp.buf.hover)
  map("gd", vim.lsp.buf.definition)
  map("gr", vim.lsp.buf.references)
  map("<F2>", vim.lsp.buf.rename)
end

function M.start()
  local command = vim.g.bplang_command or { "bp", "lsp" }
  if vim.fn.executable(command[1]) == 0 then
    return
  end
  if not client or not vim.lsp.get_client_by_id(client) then
    client = vim.lsp.start_client({ name = "bp", cmd = command, root_dir = vim.fn.getcwd() })
  end
  if client then
    vim.lsp.buf_attach_client(0, client)
    attached()
  end
end

return M
