-- What Vim's syntax file makes of scripts: a line for each character that it colours, with the first
-- byte's line and column.  usage: nvim --headless -u NONE -l …; BP_ROOT names the project, BP_SCRIPTS
-- a file that lists scripts, BP_OUT a folder for the answers.
vim.opt.runtimepath:prepend(vim.env.BP_ROOT .. "/scripts/editors/vim")
vim.cmd("syntax on")
vim.o.synmaxcol = 0
vim.o.hidden = true
vim.o.shortmess = "aAIFT"
local number = 0
for path in io.lines(vim.env.BP_SCRIPTS) do
  vim.cmd("silent edit " .. vim.fn.fnameescape(path))
  vim.bo.syntax = "bplang"
  vim.cmd("syntax sync fromstart")
  number = number + 1
  local out = assert(io.open(vim.env.BP_OUT .. "/" .. number, "w"))
  for line = 1, vim.fn.line("$") do
    local text = vim.fn.getline(line)
    for column = 1, #text do
      local name = vim.fn.synIDattr(vim.fn.synID(line, column, 1), "name")
      out:write(name == "" and "-" or name:gsub("^bplang", ""), " ")
    end
    out:write("\n")
  end
  out:close()
  vim.cmd("bdelete!")
end
vim.cmd("qall!")
