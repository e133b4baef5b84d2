-- Neovim with the files of scripts/editors/vim: diagnostics, hover, rename, completion, formatting.
-- BP names the program, BP_ROOT the project, BP_SCRIPT a file to write to.
vim.g.bplang_command = { vim.env.BP, "lsp" }
vim.opt.runtimepath:prepend(vim.env.BP_ROOT .. "/scripts/editors/vim")
vim.cmd("filetype plugin on")
vim.cmd("syntax on")

local function fail(what)
  io.stderr:write("neovim: " .. what .. "\n")
  vim.cmd("cquit 1")
end

local function expect(condition, what)
  if not condition then fail(what) end
end

local function write(text)
  local file = assert(io.open(vim.env.BP_SCRIPT, "w"))
  file:write(text)
  file:close()
end

local function request(method, position, more)
  local params = vim.tbl_extend("force", {
    textDocument = vim.lsp.util.make_text_document_params(),
    position = { line = position[1], character = position[2] },
  }, more or {})
  local answers = vim.lsp.buf_request_sync(0, "textDocument/" .. method, params, 10000)
  for _, answer in pairs(answers or {}) do return answer.result, answer.err end
end

write("twice(x) = 2*x\nη = twice 3\nprint trian η\n")
vim.cmd("edit " .. vim.env.BP_SCRIPT)
expect(vim.bo.filetype == "bplang", "the file type is " .. vim.bo.filetype)

local diagnostics = {}
vim.wait(10000, function()
  diagnostics = vim.diagnostic.get(0)
  return #diagnostics > 0
end, 20)
expect(#diagnostics == 1, #diagnostics .. " diagnostics")
expect(diagnostics[1].message:find("there is no function trian", 1, true), diagnostics[1].message)
expect(diagnostics[1].lnum == 2 and diagnostics[1].col == 6, "the place of the diagnostic")

local hover = request("hover", { 1, 4 })
expect(hover and hover.contents.value:find("twice(x)", 1, true), "hover")

local edit = request("rename", { 1, 5 }, { newName = "double" })
expect(edit and edit.changes, "rename")
vim.lsp.util.apply_workspace_edit(edit, "utf-16")
local lines = vim.api.nvim_buf_get_lines(0, 0, -1, false)
expect(lines[1] == "double(x) = 2*x" and lines[2] == "η = double 3", table.concat(lines, "|"))

-- A change of the buffer reaches the server.
vim.api.nvim_buf_set_text(0, 2, 6, 2, 11, { "double" })
expect(vim.wait(10000, function() return #vim.diagnostic.get(0) == 0 end, 20), "the fixed error")

vim.api.nvim_buf_set_lines(0, 3, 3, false, { "x   =   1" })
local edits = request("formatting", { 0, 0 }, { options = { tabSize = 2, insertSpaces = true } })
vim.lsp.util.apply_text_edits(edits, 0, "utf-16")
lines = vim.api.nvim_buf_get_lines(0, 0, -1, false)
expect(lines[4] == "x = 1", "formatting: " .. lines[4])

-- A file of Android keeps its own type and is left alone.
vim.cmd("bdelete!")
write('// Copyright\ncc_library {\n    name: "libfoo",\n}\n')
vim.cmd("edit! " .. vim.env.BP_SCRIPT)
expect(vim.bo.filetype ~= "bplang", "a file of Android has the type " .. vim.bo.filetype)

print("Neovim: diagnostics, hover, rename, edits, formatting; files of Android are left alone")
vim.cmd("qall!")
