using System.Collections.Concurrent;
using System.Diagnostics;

namespace LamassuAwsConnector.Tests.Containers;

/// <summary>
/// A program as its container would run it: with the environment of image and compose file and nothing else, and, where the test may do that, as the
/// container's user on a file system that can't be written.
/// </summary>
internal sealed class ContainerProcess : IAsyncDisposable
{
    // Root alone may do both; a container that runs the tests often may not mount.
    private static readonly Lazy<bool> CanMount = new(() => Environment.IsPrivilegedProcess && Succeeds("unshare", "--mount", "sh", "-c", "mount -o remount,bind,ro /"));
    private static readonly Lazy<bool> CanBeAnother = new(() => Environment.IsPrivilegedProcess && Succeeds("setpriv", "--reuid=1654", "--clear-groups", "true"));

    private readonly Process process;
    private readonly ConcurrentQueue<string> lines = new();

    private ContainerProcess(Process process)
    {
        this.process = process;
        process.OutputDataReceived += Keep;
        process.ErrorDataReceived += Keep;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>How much of a container this machine allows.</summary>
    public static string Isolation => $"own user: {CanBeAnother.Value}, read-only file system: {CanMount.Value}";

    public string Output => string.Join('\n', lines);

    public bool HasExited => process.HasExited;

    public static ContainerProcess Start(string user, IEnumerable<string> command, IEnumerable<KeyValuePair<string, string>> environment)
    {
        var start = new ProcessStartInfo { WorkingDirectory = "/", RedirectStandardOutput = true, RedirectStandardError = true };
        string[] all =
        [
            .. CanMount.Value ? new[] { "unshare", "--mount", "sh", "-c", "mount -o remount,bind,ro / && exec \"$@\"", "sh" } : [],
            .. CanBeAnother.Value ? ["setpriv", $"--reuid={user.Split(':')[0]}", $"--regid={user.Split(':')[1]}", "--clear-groups", "--no-new-privs", "--bounding-set=-all"] : Array.Empty<string>(),
            .. command,
        ];
        start.FileName = all[0];
        foreach (var argument in all.Skip(1))
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment.Clear();
        start.Environment["PATH"] = Environment.GetEnvironmentVariable("PATH");
        start.Environment["HOME"] = "/nonexistent";
        start.Environment["TMPDIR"] = "/nonexistent";
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return new ContainerProcess(Process.Start(start)!);
    }

    /// <summary>Ends it as a container is stopped.</summary>
    /// <returns>Its exit status.</returns>
    public async Task<int> StopAsync(CancellationToken cancellationToken)
    {
        using var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]);
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
        }

        process.Dispose();
    }

    private static bool Succeeds(string command, params string[] arguments)
    {
        try
        {
            using var tried = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true })!;
            tried.WaitForExit();
            return tried.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is not null)
        {
            lines.Enqueue(line.Data);
        }
    }
}
