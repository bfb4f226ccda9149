using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace LamassuAwsConnector.Tests.Broker;

/// <summary>Stands between connector and broker, reads what the connector says, and cuts or silences the connection before a word that a test names.</summary>
internal sealed class AmqpProxy : IAsyncDisposable
{
    // Numbers of AMQP 0-9-1: class, method.
    public static readonly (ushort, ushort) Publish = (60, 40);
    public static readonly (ushort, ushort) Get = (60, 70);
    public static readonly (ushort, ushort) Acknowledge = (60, 80);

    private const int FrameHead = 7;
    private const int MethodFrame = 1;

    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly int brokerPort;
    private readonly Task accepting;
    private (ushort, ushort)? cutBefore;
    private bool onlyAfterGet;
    private volatile Silence? silence;

    public AmqpProxy(int brokerPort)
    {
        this.brokerPort = brokerPort;
        listener.Start();
        Port = ((IPEndPoint)listener.LocalEndpoint).Port;
        accepting = AcceptAsync();
    }

    public int Port { get; }

    public bool HasCut { get; private set; }

    /// <summary>Once.</summary>
    /// <param name="method">Is not sent on any more.</param>
    /// <param name="afterGet">Only on a connection that has got a message before.</param>
    public void CutBefore((ushort, ushort) method, bool afterGet = false) => (onlyAfterGet, cutBefore, HasCut) = (afterGet, method, false);

    /// <summary>Whether the broker has not been told something since the last <see cref="SilenceFrom"/>.</summary>
    public bool IsSilent => silence is { Began: true };

    /// <summary>From that time of the method on, counted by connection and from now, the broker hears nothing of that connection, which stays open.</summary>
    public void SilenceFrom((ushort, ushort) method, int time) => silence = new Silence(method, time);

    public async ValueTask DisposeAsync()
    {
        if (!stop.IsCancellationRequested)
        {
            await stop.CancelAsync();
            listener.Dispose();
            await accepting;
        }
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptTcpClientAsync(stop.Token);
                _ = ServeAsync(client);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        using (var broker = new TcpClient())
        {
            try
            {
                await broker.ConnectAsync(IPAddress.Loopback, brokerPort, stop.Token);
                await await Task.WhenAny(SendOnAsync(client.GetStream(), broker.GetStream()), broker.GetStream().CopyToAsync(client.GetStream(), stop.Token));
            }
            catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException)
            {
                // One of both has gone.
            }
        }
    }

    private async Task SendOnAsync(NetworkStream from, NetworkStream to)
    {
        var (hasGot, isSilent) = (false, false);
        (Silence? Of, int Times) counted = default;
        var hello = new byte[8];
        await from.ReadExactlyAsync(hello, stop.Token);
        await to.WriteAsync(hello, stop.Token);
        while (true)
        {
            var head = new byte[FrameHead];
            await from.ReadExactlyAsync(head, stop.Token);
            var rest = new byte[BinaryPrimitives.ReadUInt32BigEndian(head.AsSpan(3)) + 1];
            await from.ReadExactlyAsync(rest, stop.Token);
            if (head[0] == MethodFrame)
            {
                var method = (BinaryPrimitives.ReadUInt16BigEndian(rest), BinaryPrimitives.ReadUInt16BigEndian(rest.AsSpan(2)));
                hasGot |= method == Get;
                if (method == cutBefore && (hasGot || !onlyAfterGet))
                {
                    (cutBefore, HasCut) = (null, true);
                    return;
                }

                if (silence is { Began: false } awaited && method == awaited.Method)
                {
                    counted = (awaited, counted.Of == awaited ? counted.Times + 1 : 1);
                    awaited.Began = isSilent = counted.Times == awaited.Time;
                }
            }

            if (isSilent)
            {
                continue;
            }

            await to.WriteAsync(head, stop.Token);
            await to.WriteAsync(rest, stop.Token);
        }
    }

    private sealed class Silence((ushort, ushort) method, int time)
    {
        public (ushort, ushort) Method => method;

        public int Time => time;

        public volatile bool Began;
    }
}
